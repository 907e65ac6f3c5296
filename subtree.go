package zookeeper

import (
	"sync"
	"sync/atomic"
)

// A subtree is the nodes that a pattern can mean, watched, with their values. A
// request finds its own among them without any of ZooKeeper's doing. All who
// read the pattern in one way share it. Nothing is parsed while its lock is held,
// since other nodes' changes wait for that.
type subtree struct {
	pool    *pool
	pattern *pattern
	format  string
	key     string
	values  *sync.Map // *entry by the path with the chroot; requests read it
	taker   *taker
	mail    *mailbox // for what the client tells, which must not wait
	before  visit    // when all was read; belongs to the pool's rootMail

	users map[*treeUser]bool // belongs to the pool's lock

	limit   atomic.Int64 // of nodes: the highest of its users'
	closed  atomic.Bool
	pending atomic.Int64 // what is known is being taken, so many times
	ready   atomic.Bool  // everything that was found at first is loaded; requests read it
	missing atomic.Int64 // nodes that are not loaded yet
	awaited atomic.Bool  // somebody who came later waits until all is loaded
	mu      sync.Mutex
	parents map[string]*parent // by their paths with the chroot
	logged  map[string]int64   // the version of a node that was refused last
	known   map[string]*content
	leaves  int

	lacksValues  bool // more nodes with values than the limit
	lacksParents bool // more nodes on the way to them
}

// A treeUser is a subscription's use of a subtree.
type treeUser struct {
	listener *listener
	limit    int // of nodes
}

// An entry is what is known of one node.
type entry struct {
	value   any  // the last good one, or nil where the node has none
	refused bool // the node's present version is none
	loaded  bool
	number  int64 // of the content; older ones don't count
}

type subtreeKey struct{ pattern, format, key string }

// grow gives a listener its subtree, and starts to watch it where nobody did.
func (p *pool) grow(l *listener, pt *pattern, format, key string) (*subtree, *treeUser) {
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	id := subtreeKey{pattern: pt.text, format: format, key: key}
	t := p.trees[id]
	isNew := t == nil
	if isNew {
		t = detachedSubtree(p, pt, format, key)
		p.trees[id] = t
	}
	user := &treeUser{listener: l, limit: pt.limit}
	if p.addUser(t, user) {
		t.mail.post(t.makeRoom)
	}
	if isNew {
		p.plant(t)
	}
	return t, user
}

// addUser tells whether the limit has risen.
func (p *pool) addUser(t *subtree, user *treeUser) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.users[user] = true
	return t.adjustLimit()
}

// removeUser tells whether it was the last one.
func (p *pool) removeUser(t *subtree, user *treeUser) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(t.users, user)
	t.adjustLimit()
	return len(t.users) == 0
}

// adjustLimit has the highest limit of all users count, and tells whether it has
// risen. Nodes that are known stay known when it falls. The pool's lock is held.
func (t *subtree) adjustLimit() bool {
	highest := 0
	for user := range t.users {
		if user.limit > highest {
			highest = user.limit
		}
	}
	return t.limit.Swap(int64(highest)) < int64(highest)
}

func (p *pool) usersOfTree(t *subtree) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	return listenersOf(t)
}

// listenersOf are the users of a subtree, each once; the pool's lock is held.
func listenersOf(t *subtree) []*listener {
	seen := map[*listener]bool{}
	var users []*listener
	for user := range t.users {
		if !seen[user.listener] {
			seen[user.listener] = true
			users = append(users, user.listener)
		}
	}
	return users
}

func newSubtree(p *pool, pt *pattern, format, key string) *subtree {
	t := &subtree{
		pool: p, pattern: pt, format: format, key: key, values: &sync.Map{}, users: map[*treeUser]bool{},
		parents: map[string]*parent{}, logged: map[string]int64{},
		mail: &mailbox{what: "cluster " + p.name + ": " + pt.text, insists: true},
	}
	t.taker = &taker{take: t.take}
	return t
}

// leave ends a use of the subtree, which goes with its last user.
func (t *subtree) leave(user *treeUser) {
	p := t.pool
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	if !p.removeUser(t, user) {
		return
	}
	t.closed.Store(true)
	delete(p.trees, subtreeKey{pattern: t.pattern.text, format: t.format, key: t.key})
	p.uproot(t)
	t.mail.post(t.dismantle)
}

// dismantle lets go of all nodes. What is known of them stays, since a request may
// still go by it.
func (t *subtree) dismantle() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drop(t.top())
}

// top is the node above all others.
func (t *subtree) top() string { return t.pool.chroot.full(t.pattern.root) }

// take gets what was read of nodes of the subtree.
func (t *subtree) take(paths []string, children bool, contents []*content) {
	if children && t.takeLists(paths, contents) {
		return
	}
	t.takeValues(paths, contents)
}

// takeValues takes contents, which it reads before it takes the lock.
func (t *subtree) takeValues(paths []string, contents []*content) {
	readings := make([]*reading, len(paths))
	for i, c := range contents {
		readings[i] = read(t.format, t.key, c)
	}
	tell(t.accept(paths, contents, readings))
}

// accept returns who is to be told that everything is loaded, for the first time.
func (t *subtree) accept(paths []string, contents []*content, readings []*reading) []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, full := range paths {
		c := contents[i]
		followed, is := t.values.Load(full)
		if !is || t.closed.Load() {
			continue
		}
		seen := followed.(*entry)
		if c.number <= seen.number {
			continue
		}
		if !seen.loaded {
			t.missing.Add(-1)
		}
		fresh := &entry{value: readings[i].value, loaded: true, number: c.number}
		if readings[i].refused != nil {
			fresh.value = seen.value
			fresh.refused = true
			t.refuse(full, t.format, t.key, c.version, readings[i].refused)
		}
		t.values.Store(full, fresh)
	}
	return t.readied()
}

// readied returns who is to be told, where everything is loaded for the first time, or
// somebody waits for it; t.mu is held.
func (t *subtree) readied() []*listener {
	if t.missing.Load() > 0 || t.closed.Load() {
		return nil
	}
	wasReady, isAwaited := t.ready.Swap(true), t.awaited.Swap(false)
	if wasReady && !isAwaited {
		return nil
	}
	return t.pool.usersOfTree(t)
}

// isComplete tells whether everything that has been found is loaded. Where it isn't,
// all users are told when it is.
func (t *subtree) isComplete() bool {
	if t.ready.Load() && t.missing.Load() == 0 {
		return true
	}
	t.awaited.Store(true)
	return t.ready.Load() && t.missing.Load() == 0
}

func takeKnownOf(t *subtree) {
	insist(t.mail.what, func() {
		t.takeKnown()
		tell(t.notPending())
	})
}

// notPending notes that something that was known has been taken, and returns who is to
// be told: what is not there by now isn't known.
func (t *subtree) notPending() []*listener {
	if t.pending.Add(-1) > 0 || t.ready.Load() && t.missing.Load() == 0 {
		return nil
	}
	return t.pool.usersOfTree(t)
}

// takeKnown takes what others have read already.
func (t *subtree) takeKnown() {
	var paths []string
	var contents []*content
	t.mu.Lock()
	for full, c := range t.known {
		paths = append(paths, full)
		contents = append(contents, c)
	}
	t.known = nil
	t.mu.Unlock()
	t.takeValues(paths, contents)
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

// find is the entry of the node that a request means, nil where there is none.
func find(t *subtree, v *visitor) *entry {
	path, named := pathFor(t.pattern, v)
	if !named {
		return nil
	}
	return entryAt(t, string(t.pool.chroot)+path)
}

// entryAt is what is known of a node, nil where it isn't one of the subtree's.
func entryAt(t *subtree, full string) *entry {
	seen, followed := t.values.Load(full)
	if !followed {
		return nil
	}
	return seen.(*entry)
}
