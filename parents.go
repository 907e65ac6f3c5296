package zookeeper

import "strings"

// A parent is a node whose children are followed, as far as they match.
type parent struct {
	path   string // with the chroot
	depth  int    // how many levels are above
	loaded bool
	number int64           // of the list that was taken last; older ones don't count
	names  map[string]bool // of the children that are followed
}

// follow watches the children of nodes; t.mu is held.
func (t *subtree) follow(depth int, paths ...string) {
	t.missing.Add(int64(len(paths)))
	known, number := t.pool.adopt(t.taker, paths, true, true)
	for _, path := range paths {
		of := &parent{path: path, depth: depth, number: number, names: map[string]bool{}}
		t.parents[path] = of
		if known[path] != nil {
			t.branch(of, known[path])
		}
	}
}

// followValues watches the nodes with the values; t.mu is held. What is known of
// them is read later, without the lock.
func (t *subtree) followValues(paths []string) {
	t.missing.Add(int64(len(paths)))
	t.leaves += len(paths)
	known, number := t.pool.adopt(t.taker, paths, listsChildren(t.format), false)
	for _, full := range paths {
		unread := &entry{number: number}
		c := known[full]
		if c != nil {
			unread.number = c.number - 1
			t.keepKnown(full, c)
		}
		t.values.Store(full, unread)
	}
}

func (t *subtree) keepKnown(full string, c *content) {
	if t.known == nil {
		t.known = map[string]*content{}
		t.pending.Add(1)
		go takeKnownOf(t)
	}
	t.known[full] = c
}

// takeLists takes lists of children, and tells whether it did: others are values.
func (t *subtree) takeLists(paths []string, contents []*content) bool {
	taken, ready := t.branchAll(paths, contents)
	tell(ready)
	return taken
}

func (t *subtree) branchAll(paths []string, contents []*content) (bool, []*listener) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed.Load() {
		return true, nil
	}
	for i, path := range paths {
		of := t.parents[path]
		if of == nil {
			return false, nil
		}
		if contents[i].number > of.number {
			of.number = contents[i].number
			t.branch(of, contents[i])
		}
	}
	return true, t.readied()
}

// branch follows the children that came, and drops those that went; t.mu is held.
func (t *subtree) branch(of *parent, c *content) {
	if c.denied != nil {
		t.refuse(of.path, formatChildren, "", c.version, c.denied)
		return
	}
	if !of.loaded {
		of.loaded = true
		t.missing.Add(-1)
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
			t.exceed(isLast)
			break
		}
		of.names[name] = true
		paths = append(paths, full+level.tail)
	}
	if !isLast {
		t.follow(of.depth+1, paths...)
		return
	}
	t.followValues(paths)
}

// room is how many nodes may come: the limit is for those with values, and as many may
// be on the way to them as so many values need.
func (t *subtree) room(isLast bool) int {
	limit := int(t.limit.Load())
	rest := limit - t.leaves
	if !isLast {
		rest = limit*(len(t.pattern.levels)-1) + 1 - len(t.parents)
	}
	if rest < 0 {
		return 0
	}
	return rest
}

func (t *subtree) exceed(isLast bool) {
	isNew := !t.lacksValues && !t.lacksParents
	t.lacksValues = t.lacksValues || isLast
	t.lacksParents = t.lacksParents || !isLast
	if isNew {
		logCluster(levelWarn, t.pool.name, "%s: more than %d nodes; the others are not served: raise maxNodes", t.pattern.text, t.limit.Load())
	}
}

// refill has all parents read again where there were too many nodes and there is
// room now.
func (t *subtree) refill() {
	hasRoom := t.lacksValues && t.room(true) > 0 || t.lacksParents && t.room(false) > 0
	if !hasRoom || t.closed.Load() {
		return
	}
	t.lacksValues = false
	t.lacksParents = false
	for path, of := range t.parents {
		if of.loaded {
			of.loaded = false
			t.missing.Add(1)
		}
		t.pool.reread(path)
	}
}

// makeRoom is refill after the limit has risen.
func (t *subtree) makeRoom() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refill()
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
		t.missing.Add(-1)
	}
	if !t.closed.Load() { // a request may still go by what was known
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
		t.missing.Add(-1)
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

// splitPath is the node above another one, and the other one's name.
func splitPath(path string) (string, string) {
	slash := strings.LastIndexByte(path, '/')
	if slash == 0 {
		return "/", path[1:]
	}
	return path[:slash], path[slash+1:]
}

func child(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }

// noticed takes a node that was created or deleted.
func (t *subtree) noticed(path string, created bool) { tell(t.notice(path, created)) }

func (t *subtree) notice(path string, created bool) []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.parents[path] != nil {
		t.pool.reread(path) // its children came or went with it
	}
	above, name := splitPath(path)
	of := t.parents[above]
	if of == nil || t.closed.Load() || t.pool.isBeingRead(above) {
		return nil
	}
	if created {
		t.sprout(of, []string{name})
	} else if of.names[name] {
		t.prune(of, name)
		t.refill()
	}
	return t.readied()
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
