package zookeeper

import (
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
	values  *sync.Map // *entry by the path with the chroot; requests read it
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
		t = detachedSubtree(p, pt, format, key)
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
		mail: &mailbox{what: "cluster " + p.name + ": " + pt.text, insists: true},
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

// take gets what was read of nodes of the subtree.
func (t *subtree) take(paths []string, children bool, contents []*content) {
	tell(t.taken(paths, children, contents))
}

// taken returns who is to be told that everything is loaded, for the first time.
func (t *subtree) taken(paths []string, children bool, contents []*content) []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.accept(paths, children, contents)
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

// accept takes the children of parents, and values; t.mu is held.
func (t *subtree) accept(paths []string, children bool, contents []*content) {
	for i, full := range paths {
		c := contents[i]
		if children && t.parents[full] != nil {
			t.branch(t.parents[full], c)
			continue
		}
		followed, is := t.values.Load(full)
		if !is {
			continue
		}
		seen := followed.(*entry)
		if c.exists && c.version < seen.version {
			continue
		}
		if !seen.loaded {
			t.missing--
		}
		r := read(t.format, t.key, c)
		fresh := &entry{value: r.value, loaded: true, version: c.version}
		if r.refused != nil {
			fresh.value = seen.value
			fresh.refused = true
			t.refuse(full, t.format, t.key, c.version, r.refused)
		}
		t.values.Store(full, fresh)
	}
}

// refuse logs what can't be served, once a version.
func (t *subtree) refuse(full, format, key string, version int64, why error) {
	if t.logged[full] != version {
		t.logged[full] = version
		t.pool.refused.Add(1)
		logCluster(levelWarn, t.pool.name, "%s %s", full, refusedAs(format, key, why))
	}
}

// loaded tells whether everything that was found at first was read.
func (t *subtree) loaded() bool { return t.ready.Load() }

func (t *subtree) isClosed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closed
}

// find is the entry of the node that a request means, nil where there is none.
func find(t *subtree, v *visitor) *entry {
	path, named := pathFor(t.pattern, v)
	if !named {
		return nil
	}
	return entryAt(t, t.pool.settings.chroot+path)
}

// entryAt is what is known of a node, nil where it isn't one of the subtree's.
func entryAt(t *subtree, full string) *entry {
	seen, followed := t.values.Load(full)
	if !followed {
		return nil
	}
	return seen.(*entry)
}
