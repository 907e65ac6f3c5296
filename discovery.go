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

// follow watches the children of nodes.
func follow(t *subtree, depth int, paths ...string) {
	t.missing.Add(int64(len(paths)))
	known, number := addSink(t.cache, t.sink, wish{paths: paths, children: true, parents: true})
	for _, path := range paths {
		of := &parent{path: path, depth: depth, number: number, names: map[string]bool{}}
		t.parents[path] = of
		if known[path] != nil {
			updateChildren(t, of, known[path])
		}
	}
}

// followValues watches the nodes with the values. What is known of them is read later,
// without the lock.
func followValues(t *subtree, paths []string) {
	t.missing.Add(int64(len(paths)))
	t.leaves += len(paths)
	known, number := addSink(t.cache, t.sink, wish{paths: paths, children: listsChildren(t.format)})
	for _, full := range paths {
		unread := &entry{number: number}
		c := known[full]
		if c != nil {
			unread.number = c.number - 1
			keepKnown(t, full, c)
		}
		t.values.Store(full, unread)
	}
}

func keepKnown(t *subtree, full string, c *content) {
	if t.known == nil {
		t.known = map[string]*content{}
		t.pending.Add(1)
		go putKnownOf(t)
	}
	t.known[full] = c
}

// putLists gets lists of children, and tells whether they were some: others are values.
func putLists(t *subtree, b *batch) bool {
	t.mu.Lock()
	defer unlockTree(t)
	if t.closed.Load() {
		return true
	}
	for i, path := range b.paths {
		of := t.parents[path]
		if of == nil {
			return false
		}
		if b.contents[i].number > of.number {
			of.number = b.contents[i].number
			updateChildren(t, of, b.contents[i])
		}
	}
	noteReady(t)
	return true
}

// updateChildren follows the children that came, and forgets those that went.
func updateChildren(t *subtree, of *parent, c *content) {
	if c.denied != nil {
		noteRefused(t, of.path, c.version, refusedAs(formatChildren, "", c.denied))
		return
	}
	if !of.loaded {
		of.loaded = true
		t.missing.Add(-1)
	}
	removeOthers(t, of, c.children)
	addChildren(t, of, c.children)
	refill(t)
}

// removeOthers forgets the children that aren't among these.
func removeOthers(t *subtree, of *parent, names []string) {
	if len(of.names) == 0 {
		return
	}
	present := map[string]bool{}
	for _, name := range names {
		present[name] = true
	}
	for name := range of.names {
		if !present[name] {
			removeChild(t, of, name)
		}
	}
}

// addChildren follows the children that match: they are the next parents, or lead to
// the nodes with the values.
func addChildren(t *subtree, of *parent, names []string) {
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
		follow(t, of.depth+1, paths...)
		return
	}
	followValues(t, paths)
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
		logCluster(levelWarn, t.cache.name, "%s: more than %d nodes; the others are not served: raise maxNodes", t.pattern.text, t.limit.Load())
	}
}

// refill has all parents read again where there were too many nodes and there is
// room now.
func refill(t *subtree) {
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
		reread(t.cache, path)
	}
}

// makeRoom is refill after the limit has risen.
func (t *subtree) makeRoom() {
	t.mu.Lock()
	defer unlockTree(t)
	refill(t)
}

// removeChild forgets a child and all below it.
func removeChild(t *subtree, of *parent, name string) {
	delete(of.names, name)
	full := t.below(of, name)
	if of.depth+1 < len(t.pattern.levels) {
		removeParent(t, full)
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
	removeSink(t.cache, t.sink, full, listsChildren(t.format))
}

// removeParent forgets a parent and all below it.
func removeParent(t *subtree, path string) {
	of := t.parents[path]
	if of == nil {
		return
	}
	if !of.loaded {
		t.missing.Add(-1)
	}
	for name := range of.names {
		removeChild(t, of, name)
	}
	delete(t.parents, path)
	delete(t.logged, path)
	removeSink(t.cache, t.sink, path, true)
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

// noteChild takes a node in that was created or deleted.
func noteChild(t *subtree, path string, created bool) {
	t.mu.Lock()
	defer unlockTree(t)
	if t.parents[path] != nil {
		reread(t.cache, path) // its children came or went with it
	}
	above, name := splitPath(path)
	of := t.parents[above]
	if of == nil || t.closed.Load() || isBeingRead(t.cache, above) {
		return
	}
	if created {
		addChildren(t, of, []string{name})
	} else if of.names[name] {
		removeChild(t, of, name)
		refill(t)
	}
	noteReady(t)
}

func reread(c *cache, parent string) {
	all := lock(c)
	defer c.mu.Unlock()
	n := all.children[parent]
	if n != nil {
		enqueue(all, n)
	}
}

// isBeingRead tells whether the names of a node's children are on their way; they
// may be older than an event, so they are read once more.
func isBeingRead(c *cache, parent string) bool {
	all := lock(c)
	defer c.mu.Unlock()
	n := all.children[parent]
	if n == nil || !n.reading && !n.queued {
		return false
	}
	enqueue(all, n)
	return true
}
