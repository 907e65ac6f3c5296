package cache

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A parent is a node whose children belong to the subtree, as far as they match.
type parent struct {
	path   string // with the chroot
	depth  int    // the number of the pattern's level that the children are matched with
	loaded bool
	number int64           // of the list that was received last; lists with lower numbers are older
	names  map[string]bool // of the children that belong to the subtree
}

// addParents begins to get the lists of children of nodes. It is called with the subtree's
// lock held.
func addParents(tree *Subtree, depth int, paths ...string) {
	tree.missing.Add(int64(len(paths)))
	known, number := store.AddNodes(tree.cache.store, tree.sink, &store.NodeSet{Paths: paths, Children: true, Parents: true})
	for _, path := range paths {
		p := &parent{path: path, depth: depth, number: number, names: map[string]bool{}}
		tree.parents[path] = p
		if known[path] != nil {
			updateChildren(tree, p, known[path])
		}
	}
}

// addLeaves begins to get the nodes with the values. It is called with the subtree's lock
// held. What is known of them is made into values later, without the lock.
func addLeaves(tree *Subtree, paths []string) {
	tree.missing.Add(int64(len(paths)))
	tree.leaves += len(paths)
	known, number := store.AddNodes(tree.cache.store, tree.sink, &store.NodeSet{Paths: paths, Children: value.ListsChildren(tree.format)})
	for _, full := range paths {
		unread := &Entry{number: number}
		content := known[full]
		if content != nil {
			unread.number = content.Number - 1
			keepKnown(tree, full, content)
		}
		setEntry(tree, full, unread)
	}
}

// keepKnown keeps what is known of a node until receiveKnown makes it into a value.
func keepKnown(tree *Subtree, full string, content *value.Content) {
	if tree.known == nil {
		tree.known = map[string]*value.Content{}
		tree.pending.Add(1)
		go receiveKnownLater(tree)
	}
	tree.known[full] = content
}

// receiveLists takes lists of children that lead to values. It returns false where the lists
// are the values.
func receiveLists(tree *Subtree, b *store.Batch) bool {
	tree.mu.Lock()
	defer unlockTree(tree)
	if tree.closed.Load() {
		return true
	}
	for i, path := range b.Paths {
		p := tree.parents[path]
		if p == nil {
			return false
		}
		if b.Contents[i].Number > p.number {
			p.number = b.Contents[i].Number
			updateChildren(tree, p, b.Contents[i])
		}
	}
	noteReady(tree)
	return true
}

// updateChildren adds the children that came, and removes those that went.
func updateChildren(tree *Subtree, p *parent, list *value.Content) {
	if list.Denied != nil {
		judgeAs(tree, value.FormatChildren, "", p.path, list.Version, &value.Reading{Refused: list.Denied})
		return
	}
	if !p.loaded {
		p.loaded = true
		tree.missing.Add(-1)
	}
	removeOthers(tree, p, list.Children)
	addChildren(tree, p, list.Children)
	refill(tree)
}

// removeOthers removes the children that aren't among these.
func removeOthers(tree *Subtree, p *parent, names []string) {
	if len(p.names) == 0 {
		return
	}
	present := map[string]bool{}
	for _, name := range names {
		present[name] = true
	}
	for name := range p.names {
		if !present[name] {
			removeChild(tree, p, name)
		}
	}
}

// addChildren adds the children that match. They are the next parents, or the nodes with the
// values.
func addChildren(tree *Subtree, p *parent, names []string) {
	level := tree.pattern.Levels[p.depth]
	base := value.ChildPath(p.path, "")
	isPlain := level.Prefix == "" && level.Suffix == ""
	isLast := p.depth+1 == len(tree.pattern.Levels)
	room := roomFor(tree, isLast)
	var paths []string
	for _, name := range names {
		full := base + name
		if p.names[name] || full == value.SystemNode || !isPlain && !level.Matches(name) {
			continue
		}
		if len(paths) == room {
			noteExcess(tree, isLast)
			break
		}
		p.names[name] = true
		paths = append(paths, full+level.Tail)
	}
	if !isLast {
		addParents(tree, p.depth+1, paths...)
		return
	}
	addLeaves(tree, paths)
	if tree.pattern.Deep && len(paths) > 0 {
		addParents(tree, p.depth, paths...)
	}
}

// roomFor is how many nodes may be added. The limit is for those with values, which are the
// last ones of their paths. There may be as many nodes on the way to them as so many values
// need.
func roomFor(tree *Subtree, isLast bool) int {
	limit := int(tree.limit.Load())
	rest := limit - tree.leaves
	if !isLast {
		rest = limit*(len(tree.pattern.Levels)-1) + 1 - len(tree.parents)
	}
	if rest < 0 {
		return 0
	}
	return rest
}

// noteExcess notes that there are more nodes than may be added, and logs it once.
func noteExcess(tree *Subtree, isLast bool) {
	isNew := !tree.lacksValues && !tree.lacksParents
	tree.lacksValues = tree.lacksValues || isLast
	tree.lacksParents = tree.lacksParents || !isLast
	if isNew {
		log.Cluster(log.LevelWarn, tree.cache.store.Name, "%s: more than %d nodes; the others are not served: raise maxNodes", tree.pattern.Text, tree.limit.Load())
	}
}

// refill has all parents read again where there were too many nodes and there is
// room now.
func refill(tree *Subtree) {
	hasRoom := tree.lacksValues && roomFor(tree, true) > 0 || tree.lacksParents && roomFor(tree, false) > 0
	if !hasRoom || tree.closed.Load() {
		return
	}
	tree.lacksValues = false
	tree.lacksParents = false
	for path, p := range tree.parents {
		if p.loaded {
			p.loaded = false
			tree.missing.Add(1)
		}
		store.RereadChildren(tree.cache.store, path)
	}
}

// refillAfterRise is refill after the limit has risen.
func refillAfterRise(tree *Subtree) {
	tree.mu.Lock()
	defer unlockTree(tree)
	refill(tree)
}

// removeChild removes a child and all below it.
func removeChild(tree *Subtree, p *parent, name string) {
	delete(p.names, name)
	full := value.ChildPath(p.path, name) + tree.pattern.Levels[p.depth].Tail
	if p.depth+1 < len(tree.pattern.Levels) {
		removeParent(tree, full)
		return
	}
	seen := entryAt(tree, full)
	if seen != nil && !seen.Loaded {
		tree.missing.Add(-1)
	}
	if !tree.closed.Load() { // else a request may still go by what was known
		setEntry(tree, full, nil)
		note(tree, full)
	}
	delete(tree.logged, full)
	tree.leaves--
	store.RemoveNode(tree.cache.store, tree.sink, session.NodeKey{Path: full, Children: value.ListsChildren(tree.format)})
	if tree.pattern.Deep {
		removeParent(tree, full)
	}
}

// removeParent removes a parent and all below it.
func removeParent(tree *Subtree, path string) {
	p := tree.parents[path]
	if p == nil {
		return
	}
	if !p.loaded {
		tree.missing.Add(-1)
	}
	for name := range p.names {
		removeChild(tree, p, name)
	}
	delete(tree.parents, path)
	delete(tree.logged, path)
	store.RemoveNode(tree.cache.store, tree.sink, session.NodeKey{Path: path, Children: true})
}

// noteCreated adds a node that was created, if it belongs to the subtree.
func noteCreated(tree *Subtree, path string) {
	tree.mu.Lock()
	defer unlockTree(tree)
	p, name := parentOf(tree, path)
	if p != nil {
		addChildren(tree, p, []string{name})
		noteReady(tree)
	}
}

// noteDeleted removes a node that was deleted.
func noteDeleted(tree *Subtree, path string) {
	tree.mu.Lock()
	defer unlockTree(tree)
	p, name := parentOf(tree, path)
	if p == nil {
		return
	}
	if p.names[name] {
		removeChild(tree, p, name)
		refill(tree)
	}
	noteReady(tree)
}

// parentOf is the parent of a node that came or went, and the node's name. It is nil where
// the node's coming or going is seen in a list of children that is read. A parent's own list
// is read again, since its children came or went with it.
func parentOf(tree *Subtree, path string) (*parent, string) {
	if tree.parents[path] != nil {
		store.RereadChildren(tree.cache.store, path)
	}
	above, name := value.SplitPath(path)
	p := tree.parents[above]
	if p == nil || tree.closed.Load() || store.RereadIfUnderWay(tree.cache.store, above) {
		return nil, ""
	}
	return p, name
}
