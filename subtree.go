package zookeeper

import (
	"strings"
	"sync"
)

// A subtree is the nodes that a pattern can mean, watched, with their values. A
// request finds its own among them without any of ZooKeeper's doing. All who
// read the pattern in one way share it.
type subtree struct {
	pool    *pool
	pattern *pattern
	format  string
	key     string
	values  *sync.Map // *entry by the path below the chroot; requests read it
	taker   *taker

	mu       sync.Mutex
	users    map[*listener]int
	names    map[string]map[string]bool // of the children that are followed, by their parent
	depths   map[string]int             // of these parents: how many levels are above
	logged   map[string]int64           // the version of a node that was refused last
	missing  int                        // nodes that are not loaded yet
	nodes    int
	exceeded bool
	closed   bool
}

// An entry is what is known of one node.
type entry struct {
	value   any  // the last good one, or nil where the node has none
	refused bool // the node's present version is none
	loaded  bool
}

type subtreeKey struct{ pattern, format, key string }

// grow gives a listener its subtree, and starts to watch it where nobody did.
func (p *pool) grow(l *listener, pt *pattern, format, key string) *subtree {
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	id := subtreeKey{pattern: pt.text, format: format, key: key}
	t := p.trees[id]
	if t == nil {
		t = newSubtree(p, pt, format, key)
		p.trees[id] = t
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users[l]++
	if t.nodes == 0 {
		t.follow(p.settings.full(pt.root), 0)
	}
	return t
}

func newSubtree(p *pool, pt *pattern, format, key string) *subtree {
	t := &subtree{
		pool: p, pattern: pt, format: format, key: key, values: &sync.Map{}, users: map[*listener]int{},
		names: map[string]map[string]bool{}, depths: map[string]int{}, logged: map[string]int64{},
	}
	t.taker = &taker{take: t.take}
	return t
}

// leave ends a listener's use of the subtree, which goes with its last user.
func (t *subtree) leave(l *listener) {
	p := t.pool
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users[l]--
	if t.users[l] > 0 {
		return
	}
	delete(t.users, l)
	if len(t.users) > 0 {
		return
	}
	t.closed = true
	delete(p.trees, subtreeKey{pattern: t.pattern.text, format: t.format, key: t.key})
	t.drop(p.settings.full(t.pattern.root))
}

// follow watches the children of a node; t.mu is held.
func (t *subtree) follow(parent string, depth int) {
	t.names[parent] = map[string]bool{}
	t.depths[parent] = depth
	t.adopt(parent, true)
}

// adopt watches a node; t.mu is held.
func (t *subtree) adopt(full string, children bool) {
	t.nodes++
	t.missing++
	known := t.pool.adopt(t.taker, full, children)
	if known != nil {
		t.accept(full, known)
	}
}

// take gets what was read of a node of the subtree.
func (t *subtree) take(full string, c *content) {
	for _, l := range t.taken(full, c) {
		l.changed()
	}
}

// taken returns who is to be told that all is loaded now.
func (t *subtree) taken(full string, c *content) []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	loading := t.missing > 0
	t.accept(full, c)
	var users []*listener
	if loading && t.missing == 0 {
		for l := range t.users {
			users = append(users, l)
		}
	}
	return users
}

// accept takes a parent's children, or a value; t.mu is held.
func (t *subtree) accept(full string, c *content) {
	names, isParent := t.names[full]
	if isParent {
		t.branch(full, names, c)
		return
	}
	path := t.pool.settings.relative(full)
	seen := t.entryAt(path)
	if seen == nil {
		return
	}
	if !seen.loaded {
		t.missing--
	}
	t.values.Store(path, t.valued(full, seen, c))
}

func (t *subtree) entryAt(path string) *entry {
	seen, found := t.values.Load(path)
	if !found {
		return nil
	}
	return seen.(*entry)
}

// valued is a node's new entry. What can't be served is logged, once a version,
// and leaves the last good value in its place.
func (t *subtree) valued(full string, before *entry, c *content) *entry {
	r := read(t.format, t.key, c)
	if r.refused == nil {
		delete(t.logged, full)
		return &entry{value: r.value, loaded: true}
	}
	t.refuse(full, t.format, t.key, c.version, r.refused)
	return &entry{value: before.value, refused: true, loaded: true}
}

// refuse logs what can't be served, once a version.
func (t *subtree) refuse(full, format, key string, version int64, why error) {
	if t.logged[full] != version {
		t.logged[full] = version
		logRefused(t.pool.name, full, format, key, why)
	}
}

// branch follows the children that came, and drops those that went; t.mu is held.
func (t *subtree) branch(parent string, names map[string]bool, c *content) {
	if c.denied != nil {
		t.refuse(parent, formatChildren, "", c.version, c.denied)
		return
	}
	depth := t.depths[parent]
	if !names[loadedMark] {
		names[loadedMark] = true
		t.missing--
	}
	present := map[string]bool{loadedMark: true}
	for _, name := range c.children {
		if t.pattern.levels[depth].matches(name) && child(parent, name) != systemNode {
			present[name] = true
		}
	}
	for name := range names {
		if !present[name] {
			delete(names, name)
			t.prune(parent, name, depth)
		}
	}
	for name := range present {
		if !names[name] && t.hasRoom() {
			names[name] = true
			t.sprout(parent, name, depth)
		}
	}
}

// loadedMark stands among a parent's names when they are known. No node has it
// as its name.
const loadedMark = "/"

func (t *subtree) hasRoom() bool {
	if t.nodes < t.pattern.limit {
		return true
	}
	if !t.exceeded {
		t.exceeded = true
		logError("cluster %s: %s: more than %d nodes; the others are not served: raise maxNodes", t.pool.name, t.pattern.text, t.pattern.limit)
	}
	return false
}

// sprout follows what a child leads to: the next parent, or the node with the value.
func (t *subtree) sprout(parent, name string, depth int) {
	full := t.below(parent, name, depth)
	if depth+1 < len(t.pattern.levels) {
		t.follow(full, depth+1)
		return
	}
	t.values.Store(t.pool.settings.relative(full), &entry{})
	t.adopt(full, listsChildren(t.format))
}

func (t *subtree) prune(parent, name string, depth int) {
	full := t.below(parent, name, depth)
	if depth+1 < len(t.pattern.levels) {
		t.drop(full)
		return
	}
	path := t.pool.settings.relative(full)
	seen := t.entryAt(path)
	if seen != nil && !seen.loaded {
		t.missing--
	}
	t.values.Delete(path)
	delete(t.logged, full)
	t.nodes--
	t.pool.abandon(t.taker, full, listsChildren(t.format))
}

// drop forgets a parent and all below it; t.mu is held.
func (t *subtree) drop(parent string) {
	names := t.names[parent]
	depth := t.depths[parent]
	if !names[loadedMark] {
		t.missing--
	}
	for name := range names {
		if name != loadedMark {
			t.prune(parent, name, depth)
		}
	}
	delete(t.names, parent)
	delete(t.depths, parent)
	t.nodes--
	t.pool.abandon(t.taker, parent, true)
}

func (t *subtree) below(parent, name string, depth int) string {
	return child(parent, name) + t.pattern.levels[depth].tail
}

func child(parent, name string) string { return strings.TrimSuffix(parent, "/") + "/" + name }

// loaded tells whether everything was read that was found so far.
func (t *subtree) loaded() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.missing == 0
}

// find is the entry of the node that a request means, nil where there is none.
func (t *subtree) find(v *visitor) *entry {
	path, named := t.pattern.pathFor(v)
	if !named {
		return nil
	}
	return t.entryAt(path)
}
