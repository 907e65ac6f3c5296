package zookeeper

import "strings"

// A parent is a node whose children are followed, as far as they match.
type parent struct {
	path   string // with the chroot
	depth  int    // how many levels are above
	loaded bool
	names  map[string]bool // of the children that are followed
}

// follow watches the children of nodes; t.mu is held.
func (t *subtree) follow(depth int, paths ...string) {
	for _, path := range paths {
		t.parents[path] = &parent{path: path, depth: depth, names: map[string]bool{}}
	}
	t.adopt(paths, true, true)
}

// adopt watches nodes; t.mu is held.
func (t *subtree) adopt(paths []string, children, parents bool) {
	t.missing += len(paths)
	known, contents := t.pool.adopt(t.taker, paths, children, parents)
	t.accept(known, children, contents)
}

// branch follows the children that came, and drops those that went; t.mu is held.
func (t *subtree) branch(of *parent, c *content) {
	if c.denied != nil {
		t.refuse(of.path, formatChildren, "", c.version, c.denied)
		return
	}
	if !of.loaded {
		of.loaded = true
		t.missing--
	}
	t.pruneOthers(of, c.children)
	t.sprout(of, c.children)
	t.refill()
}

// pruneOthers drops the children that aren't among these.
func (t *subtree) pruneOthers(of *parent, names []string) {
	if len(of.names) == 0 {
		return
	}
	present := map[string]bool{}
	for _, name := range names {
		present[name] = true
	}
	for name := range of.names {
		if !present[name] {
			t.prune(of, name)
		}
	}
}

// sprout follows the children that match: they are the next parents, or lead to
// the nodes with the values.
func (t *subtree) sprout(of *parent, names []string) {
	level := t.pattern.levels[of.depth]
	base := child(of.path, "")
	isPlain := level.prefix == "" && level.suffix == ""
	isLast := of.depth+1 == len(t.pattern.levels)
	room := t.room(isLast)
	var paths []string
	for _, name := range names {
		full := base + name
		if of.names[name] || full == systemNode || !isPlain && !level.matches(name) {
			continue
		}
		if len(paths) == room {
			t.exceed()
			break
		}
		of.names[name] = true
		paths = append(paths, full+level.tail)
	}
	if !isLast {
		t.follow(of.depth+1, paths...)
		return
	}
	t.leaves += len(paths)
	for _, full := range paths {
		t.values.Store(full, unread)
	}
	t.adopt(paths, listsChildren(t.format), false)
}

var unread = &entry{}

// room is how many nodes may come: those with values, and those on the way to
// them, are bounded by the same limit.
func (t *subtree) room(isLast bool) int {
	limit := t.pattern.limit
	switch {
	case len(t.parents) > limit || t.leaves >= limit:
		return 0
	case isLast:
		return limit - t.leaves
	}
	return limit + 1 - len(t.parents)
}

func (t *subtree) exceed() {
	if !t.exceeded {
		t.exceeded = true
		logCluster(levelWarn, t.pool.name, "%s: more than %d nodes; the others are not served: raise maxNodes", t.pattern.text, t.pattern.limit)
	}
}

// refill has all parents read again where there were too many nodes and there is
// room now.
func (t *subtree) refill() {
	if !t.exceeded || t.closed || t.room(true) == 0 {
		return
	}
	t.exceeded = false
	for path := range t.parents {
		t.pool.reread(path)
	}
}

func (t *subtree) prune(of *parent, name string) {
	delete(of.names, name)
	full := t.below(of, name)
	if of.depth+1 < len(t.pattern.levels) {
		t.drop(full)
		return
	}
	seen := entryAt(t, full)
	if seen != nil && !seen.loaded {
		t.missing--
	}
	if !t.closed { // a request may still go by what was known
		t.values.Delete(full)
	}
	delete(t.logged, full)
	t.leaves--
	t.pool.abandon(t.taker, full, listsChildren(t.format))
}

// drop forgets a parent and all below it; t.mu is held.
func (t *subtree) drop(path string) {
	of := t.parents[path]
	if of == nil {
		return
	}
	if !of.loaded {
		t.missing--
	}
	for name := range of.names {
		t.prune(of, name)
	}
	delete(t.parents, path)
	delete(t.logged, path)
	t.pool.abandon(t.taker, path, true)
}

func (t *subtree) below(of *parent, name string) string {
	return child(of.path, name) + t.pattern.levels[of.depth].tail
}

func child(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }

// noticed takes a node that was created or deleted.
func (t *subtree) noticed(path string, created bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.parents[path] != nil {
		t.pool.reread(path) // its children came or went with it
	}
	slash := strings.LastIndexByte(path, '/')
	above, name := path[:slash], path[slash+1:]
	if above == "" {
		above = "/"
	}
	of := t.parents[above]
	if of == nil || t.closed || t.pool.isBeingRead(above) {
		return
	}
	if created {
		t.sprout(of, []string{name})
	} else if of.names[name] {
		t.prune(of, name)
		t.refill()
	}
}

func (p *pool) reread(parent string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.children[parent]
	if n != nil {
		p.enqueue(n)
	}
}

// isBeingRead tells whether the names of a node's children are on their way; they
// may be older than an event, so they are read once more.
func (p *pool) isBeingRead(parent string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.children[parent]
	if n == nil || !n.reading && !n.queued {
		return false
	}
	p.enqueue(n)
	return true
}
