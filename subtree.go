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
	cache   *cache
	pattern *pattern
	format  string
	key     string
	values  *sync.Map // *entry by the path with the chroot; requests read it
	sink    *sink
	serial  *serial // for what the client tells, which must not wait
	before  visit   // when all was read; belongs to the session's serial

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

// subscribeTree gives a listener its subtree, and starts to watch it where nobody did.
func subscribeTree(c *cache, l *listener, to *target) (*subtree, *treeUser) {
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	id := subtreeKey{pattern: to.pattern.text, format: to.format, key: to.key}
	t := c.trees[id]
	isNew := t == nil
	if isNew {
		t = detachedSubtree(c, to)
		c.trees[id] = t
	}
	user := &treeUser{listener: l, limit: to.pattern.limit}
	if addUser(t, user) {
		t.serial.post(t.makeRoom)
	}
	if isNew {
		addTree(t)
	}
	return t, user
}

// addUser tells whether the limit has risen.
func addUser(t *subtree, user *treeUser) bool {
	t.cache.mu.Lock()
	defer t.cache.mu.Unlock()
	t.sink.users[user] = true
	return adjustLimit(t)
}

// removeUser tells whether it was the last one.
func removeUser(t *subtree, user *treeUser) bool {
	t.cache.mu.Lock()
	defer t.cache.mu.Unlock()
	delete(t.sink.users, user)
	adjustLimit(t)
	return len(t.sink.users) == 0
}

// adjustLimit has the highest limit of all users count, and tells whether it has
// risen. Nodes that are known stay known when it falls.
func adjustLimit(t *subtree) bool {
	highest := 0
	for user := range t.sink.users {
		if user.limit > highest {
			highest = user.limit
		}
	}
	return t.limit.Swap(int64(highest)) < int64(highest)
}

// tellUsers tells the users of a subtree once its lock has been given back.
func tellUsers(t *subtree) {
	all := lock(t.cache)
	defer t.cache.mu.Unlock()
	all.tell(listenersOf(t.sink)...)
}

// listenersOf are the users of a subtree, each once.
func listenersOf(t *sink) []*listener {
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

func newSubtree(c *cache, to *target) *subtree {
	t := &subtree{
		cache: c, pattern: to.pattern, format: to.format, key: to.key, values: &sync.Map{},
		parents: map[string]*parent{}, logged: map[string]int64{},
		serial: &serial{what: "cluster " + c.name + ": " + to.pattern.text, insists: true},
	}
	t.sink = &sink{
		top: t.top(), users: map[*treeUser]bool{}, put: func(b *batch) { put(t, b) },
		begin: func() { begin(t) }, note: func(path string, created bool) { t.serial.post(func() { noteChild(t, path, created) }) },
	}
	return t
}

// leave ends a use of the subtree, which goes with its last user.
func (t *subtree) leave(user *treeUser) {
	c := t.cache
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	if !removeUser(t, user) {
		return
	}
	t.closed.Store(true)
	delete(c.trees, subtreeKey{pattern: t.pattern.text, format: t.format, key: t.key})
	removeTree(t)
	t.serial.post(t.releaseAll)
}

// releaseAll lets go of all nodes. What is known of them stays, since a request may
// still go by it.
func (t *subtree) releaseAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	removeParent(t, t.top())
}

// top is the node above all others.
func (t *subtree) top() string { return t.cache.session.chroot.full(t.pattern.root) }

// unlockTree gives a subtree's lock back, and tells those whom what was done meanwhile
// concerns.
func unlockTree(t *subtree) {
	t.mu.Unlock()
	t.cache.mu.Lock()
	unlock(t.cache)
}

// put gets what was read of nodes of the subtree.
func put(t *subtree, b *batch) {
	if b.children && putLists(t, b) {
		return
	}
	putValues(t, b.paths, b.contents)
}

// putValues gets contents, which it reads before it takes the lock.
func putValues(t *subtree, paths []string, contents []*content) {
	readings := make([]*reading, len(paths))
	for i, c := range contents {
		readings[i] = read(t.format, t.key, c)
	}
	acceptAll(t, paths, contents, readings)
}

func acceptAll(t *subtree, paths []string, contents []*content, readings []*reading) {
	t.mu.Lock()
	defer unlockTree(t)
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
			noteRefused(t, full, c.version, refusedAs(t.format, t.key, readings[i].refused))
		}
		t.values.Store(full, fresh)
	}
	noteReady(t)
}

// noteReady tells the users where everything is loaded for the first time, or somebody
// waits for it.
func noteReady(t *subtree) {
	if t.missing.Load() > 0 || t.closed.Load() {
		return
	}
	wasReady, isAwaited := t.ready.Swap(true), t.awaited.Swap(false)
	if !wasReady || isAwaited {
		tellUsers(t)
	}
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

func putKnownOf(t *subtree) {
	insist(t.serial.what, func() {
		putKnown(t)
		endPending(t)
	})
}

// endPending notes that something that was known has been put in. What is not there by
// now isn't known, so the users are told.
func endPending(t *subtree) {
	if t.pending.Add(-1) > 0 || t.ready.Load() && t.missing.Load() == 0 {
		return
	}
	all := lock(t.cache)
	defer unlock(t.cache)
	all.tell(listenersOf(t.sink)...)
}

// putKnown gets what others have read already.
func putKnown(t *subtree) {
	var paths []string
	var contents []*content
	t.mu.Lock()
	for full, c := range t.known {
		paths = append(paths, full)
		contents = append(contents, c)
	}
	t.known = nil
	t.mu.Unlock()
	putValues(t, paths, contents)
}

// noteRefused logs what can't be served, once a version.
func noteRefused(t *subtree, full string, version int64, problem string) {
	if t.logged[full] != version {
		t.logged[full] = version
		t.cache.refused.Add(1)
		logCluster(levelWarn, t.cache.name, "%s %s", full, problem)
	}
}

// loaded tells whether everything that was found at first was read.
func (t *subtree) loaded() bool { return t.ready.Load() }

// entryFor is what is known of the node at a path without the chroot, nil where it isn't
// one of the subtree's. It is called for requests.
func entryFor(t *subtree, path string) *entry {
	return entryAt(t, string(t.cache.session.chroot)+path)
}

// entryAt is entryFor with the chroot in the path.
func entryAt(t *subtree, full string) *entry {
	seen, followed := t.values.Load(full)
	if !followed {
		return nil
	}
	return seen.(*entry)
}
