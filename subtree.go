package zookeeper

import (
	"strings"
	"sync"
	"sync/atomic"
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
	mail    *mailbox // for what the client tells, which must not wait
	before  visit    // when all was read; belongs to the pool's rootMail

	users map[*listener]int // belongs to the pool's lock

	mu       sync.Mutex
	parents  map[string]*parent // by their paths with the chroot
	logged   map[string]int64   // the version of a node that was refused last
	missing  int                // nodes that are not loaded yet
	leaves   int
	exceeded bool // there are more than the limit
	closed   bool
	ready    atomic.Bool // everything that was found at first is loaded; requests read it
}

// A parent is a node whose children are followed, as far as they match.
type parent struct {
	path   string // with the chroot
	depth  int    // how many levels are above
	loaded bool
	names  map[string]bool // of the children that are followed
}

// An entry is what is known of one node.
type entry struct {
	value   any  // the last good one, or nil where the node has none
	refused bool // the node's present version is none
	loaded  bool
	version int64
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
		p.plant(t)
	}
	p.count(t, l, 1)
	return t
}

// count changes how often a listener uses the subtree, and returns how many do.
func (p *pool) count(t *subtree, l *listener, change int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.users[l] += change
	if t.users[l] == 0 {
		delete(t.users, l)
	}
	return len(t.users)
}

func (p *pool) usersOfTree(t *subtree) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	var users []*listener
	for l := range t.users {
		users = append(users, l)
	}
	return users
}

func newSubtree(p *pool, pt *pattern, format, key string) *subtree {
	t := &subtree{
		pool: p, pattern: pt, format: format, key: key, values: &sync.Map{}, users: map[*listener]int{},
		parents: map[string]*parent{}, logged: map[string]int64{},
		mail: &mailbox{what: "cluster " + p.name + ": " + pt.text},
	}
	t.taker = &taker{take: t.take}
	return t
}

// leave ends a listener's use of the subtree, which goes with its last user.
func (t *subtree) leave(l *listener) {
	p := t.pool
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	if p.count(t, l, -1) > 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	delete(p.trees, subtreeKey{pattern: t.pattern.text, format: t.format, key: t.key})
	p.uproot(t)
	t.drop(t.top())
}

// top is the node above all others.
func (t *subtree) top() string { return t.pool.settings.full(t.pattern.root) }

// follow watches the children of a node; t.mu is held.
func (t *subtree) follow(path string, depth int) {
	t.parents[path] = &parent{path: path, depth: depth, names: map[string]bool{}}
	t.adopt(path, true)
}

// adopt watches a node; t.mu is held.
func (t *subtree) adopt(full string, children bool) {
	t.missing++
	known := t.pool.adopt(t.taker, full, children, t.parents[full] != nil)
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

// taken returns who is to be told that everything is loaded, for the first time.
func (t *subtree) taken(full string, c *content) []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.accept(full, c)
	return t.readied()
}

// readied returns who is to be told, where everything is loaded for the first
// time; t.mu is held.
func (t *subtree) readied() []*listener {
	if t.missing > 0 || t.ready.Swap(true) {
		return nil
	}
	return t.pool.usersOfTree(t)
}

// accept takes a parent's children, or a value; t.mu is held.
func (t *subtree) accept(full string, c *content) {
	parent := t.parents[full]
	if parent != nil {
		t.branch(parent, c)
		return
	}
	path := t.pool.settings.relative(full)
	seen := t.entryAt(path)
	if seen == nil || c.exists && c.version < seen.version {
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
		return &entry{value: r.value, loaded: true, version: c.version}
	}
	t.refuse(full, t.format, t.key, c.version, r.refused)
	return &entry{value: before.value, refused: true, loaded: true, version: c.version}
}

// refuse logs what can't be served, once a version.
func (t *subtree) refuse(full, format, key string, version int64, why error) {
	if t.logged[full] != version {
		t.logged[full] = version
		logRefused(t.pool.name, full, format, key, why)
	}
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
	for _, name := range c.children {
		t.sprout(of, name)
	}
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

// hasRoom bounds the nodes with values, and those on the way to them, by the limit.
func (t *subtree) hasRoom() bool {
	if t.leaves < t.pattern.limit && len(t.parents) <= t.pattern.limit {
		return true
	}
	if !t.exceeded {
		t.exceeded = true
		logError("cluster %s: %s: more than %d nodes; the others are not served: raise maxNodes", t.pool.name, t.pattern.text, t.pattern.limit)
	}
	return false
}

// refill has all parents read again where there were too many nodes and there is
// room now.
func (t *subtree) refill() {
	if !t.exceeded || t.closed || t.leaves >= t.pattern.limit || len(t.parents) > t.pattern.limit {
		return
	}
	t.exceeded = false
	for path := range t.parents {
		t.pool.reread(path)
	}
}

// sprout follows a child that matches: it is the next parent, or leads to the node
// with the value.
func (t *subtree) sprout(of *parent, name string) {
	if of.names[name] || !t.pattern.levels[of.depth].matches(name) || child(of.path, name) == systemNode || !t.hasRoom() {
		return
	}
	of.names[name] = true
	full := t.below(of, name)
	if of.depth+1 < len(t.pattern.levels) {
		t.follow(full, of.depth+1)
		return
	}
	t.leaves++
	t.values.Store(t.pool.settings.relative(full), &entry{})
	t.adopt(full, listsChildren(t.format))
}

func (t *subtree) prune(of *parent, name string) {
	delete(of.names, name)
	full := t.below(of, name)
	if of.depth+1 < len(t.pattern.levels) {
		t.drop(full)
		return
	}
	path := t.pool.settings.relative(full)
	seen := t.entryAt(path)
	if seen != nil && !seen.loaded {
		t.missing--
	}
	if !t.closed { // a request may still go by what was known
		t.values.Delete(path)
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

// loaded tells whether everything that was found at first was read.
func (t *subtree) loaded() bool { return t.ready.Load() }

func (t *subtree) isClosed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closed
}

// find is the entry of the node that a request means, nil where there is none.
func (t *subtree) find(v *visitor) *entry {
	path, named := t.pattern.pathFor(v)
	if !named {
		return nil
	}
	return t.entryAt(path)
}
