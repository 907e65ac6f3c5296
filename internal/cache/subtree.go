package cache

import (
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/diagnostic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Subtree is the nodes that a pattern can mean, watched, with their values. A request finds
// its own among them without asking ZooKeeper. All who read the pattern in one way share it.
//
// Nothing is parsed while its lock is held, since other nodes' changes wait for that.
type Subtree struct {
	cache   *Cache
	pattern *value.Pattern
	format  string
	key     string
	values  *sync.Map // *Entry by the path with the chroot; requests read it
	sink    *store.Sink
	users   map[*subtreeUser]bool // belongs to the cache's treesMu
	limit   atomic.Int64          // of nodes with values: the highest of the users' limits
	serial  *guard.Serial         // runs what the client tells, since the client must not wait
	before  *attempt              // how it was watched before; belongs to the session's WatchTasks

	closed  atomic.Bool
	pending atomic.Int64 // how many goroutines are still to take in what is known
	ready   atomic.Bool  // everything that was found at first is loaded; requests read it
	missing atomic.Int64 // nodes that are not loaded yet
	awaited atomic.Bool  // somebody who came later waits until all is loaded

	noting atomic.Value // []*subtreeUser: those that want to know of each change

	mu      sync.Mutex                        // for what follows
	parents map[string]*parent                // by their paths with the chroot
	logged  map[string]*diagnostic.Diagnostic // on the nodes that there was something to say of
	known   map[string]*value.Content         // what is to be made into values
	leaves  int                               // how many nodes with values there are
	lines   map[string]map[*subtreeUser]*line // that are read in place, by the paths of their nodes with the chroot

	lacksValues  bool // there are more nodes with values than the limit
	lacksParents bool // there are more nodes on the way to them than may be
}

// An Entry is what is known of one node of a subtree. It isn't changed: a new one replaces it.
type Entry struct {
	Value   any   // the last good one, or nil where the node has none
	Refused bool  // the node's present version gives none
	Loaded  bool  // the node was read
	version int64 // of the node: the transaction that wrote it
	number  int64 // of the content; contents with lower numbers are older, and don't count
}

// A subtreeUser is a subscription's use of a subtree.
type subtreeUser struct {
	listener *session.Listener
	limit    int               // of nodes with values
	noted    func(path string) // gets the path of each node that has changed; nil for none
	hasLeft  bool              // belongs to the subtree's lock, as the next
	lines    map[string]bool   // the paths of the nodes that it reads in place, with the chroot
}

type subtreeKey struct{ pattern, format, key string }

// subscribeTree gives a listener its subtree, and starts to watch it where nobody did.
func subscribeTree(c *Cache, l *session.Listener, to *Target) (*Subtree, *subtreeUser) {
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	id := subtreeKey{pattern: to.Pattern.Text, format: to.Format, key: to.Key}
	tree := c.trees[id]
	isNew := tree == nil
	if isNew {
		tree = detachedSubtree(c, to)
		c.trees[id] = tree
	}
	user := &subtreeUser{listener: l, limit: to.Pattern.Limit, noted: to.Noted}
	if addUser(tree, user) {
		tree.serial.Post(func() { refillAfterRise(tree) })
	}
	if isNew && store.Attach(c.store, tree.sink) {
		tree.pending.Add(1)
		c.store.Session.WatchTasks.Post(func() { readKnown(tree) })
	}
	return tree, user
}

func newSubtree(c *Cache, to *Target) *Subtree {
	tree := &Subtree{
		cache: c, pattern: to.Pattern, format: to.Format, key: to.Key, values: &sync.Map{}, users: map[*subtreeUser]bool{},
		before: &attempt{}, parents: map[string]*parent{}, lines: map[string]map[*subtreeUser]*line{}, logged: map[string]*diagnostic.Diagnostic{},
		serial: &guard.Serial{Name: "cluster " + c.store.Name + ": " + to.Pattern.Text, Retries: true},
	}
	tree.sink = &store.Sink{
		Top:         c.store.Session.Chroot.Full(to.Pattern.Root),
		Template:    to.Pattern.Text,
		Receive:     func(b *store.Batch) { receive(tree, b) },
		Restart:     func() { restart(tree) },
		NodeCreated: func(path string) { tree.serial.Post(func() { noteCreated(tree, path) }) },
		NodeDeleted: func(path string) { tree.serial.Post(func() { noteDeleted(tree, path) }) },
	}
	return tree
}

// leave ends a use of the subtree, which is closed with the last one.
func leave(tree *Subtree, user *subtreeUser) {
	c := tree.cache
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	leaveLines(tree, user)
	if !removeUser(tree, user) {
		return
	}
	tree.closed.Store(true)
	delete(c.trees, subtreeKey{pattern: tree.pattern.Text, format: tree.format, key: tree.key})
	store.Detach(c.store, tree.sink)
	tree.serial.Post(func() { removeAll(tree) })
}

// addUser adds a user, and tells whether the limit has risen. The cache's treesMu is held.
func addUser(tree *Subtree, user *subtreeUser) bool {
	tree.users[user] = true
	return usersChanged(tree)
}

// removeUser removes a user, and tells whether it was the last one. The cache's treesMu is
// held.
func removeUser(tree *Subtree, user *subtreeUser) bool {
	delete(tree.users, user)
	usersChanged(tree)
	return len(tree.users) == 0
}

// usersChanged has the listeners of all users told, and the highest limit of all users count.
// It tells whether the limit has risen. Nodes that are known stay known when it falls.
func usersChanged(tree *Subtree) bool {
	store.SetListeners(tree.cache.store, tree.sink, listenersOf(tree))
	tree.noting.Store(notingOf(tree))
	highest := 0
	for user := range tree.users {
		if user.limit > highest {
			highest = user.limit
		}
	}
	return tree.limit.Swap(int64(highest)) < int64(highest)
}

// listenersOf are the listeners of a subtree's users, each once.
func listenersOf(tree *Subtree) []*session.Listener {
	seen := map[*session.Listener]bool{}
	var listeners []*session.Listener
	for user := range tree.users {
		if !seen[user.listener] {
			seen[user.listener] = true
			listeners = append(listeners, user.listener)
		}
	}
	return listeners
}

// notingOf are the users that want to know of each change.
func notingOf(tree *Subtree) []*subtreeUser {
	var all []*subtreeUser
	for user := range tree.users {
		if user.noted != nil {
			all = append(all, user)
		}
	}
	return all
}

// note tells those who want to know that a node has changed, or is gone. The subtree's lock is
// held.
func note(tree *Subtree, full string) {
	noting := tree.noting.Load()
	if noting == nil {
		return
	}
	for _, user := range noting.([]*subtreeUser) {
		user.noted(tree.cache.store.Session.Chroot.Relative(full))
	}
}

// removeAll removes all nodes. What is known of them stays, since a request may still go by
// it.
func removeAll(tree *Subtree) {
	tree.mu.Lock()
	defer tree.mu.Unlock()
	removeParent(tree, tree.sink.Top)
}

// unlockTree gives a subtree's lock back, and tells those who are to be told of what was done
// meanwhile.
func unlockTree(tree *Subtree) {
	tree.mu.Unlock()
	store.EmptyOutbox(tree.cache.store)
}

// receive takes what was read of nodes of the subtree. The caller holds no lock.
func receive(tree *Subtree, b *store.Batch) {
	if b.Children && receiveLists(tree, b) {
		return
	}
	receiveValues(tree, b.Paths, b.Contents)
}

// receiveValues takes contents, and makes them into values before it takes the lock.
func receiveValues(tree *Subtree, paths []string, contents []*value.Content) {
	readings := make([]*value.Reading, len(paths))
	for i, content := range contents {
		readings[i] = value.Read(tree.format, tree.key, content)
	}
	acceptAll(tree, paths, contents, readings)
}

// acceptAll keeps the values of the nodes that belong to the subtree.
func acceptAll(tree *Subtree, paths []string, contents []*value.Content, readings []*value.Reading) {
	tree.mu.Lock()
	defer unlockTree(tree)
	for i, full := range paths {
		content := contents[i]
		there, isThere := tree.values.Load(full)
		if !isThere || tree.closed.Load() {
			continue
		}
		seen := there.(*Entry)
		if content.Number <= seen.number {
			continue
		}
		if !seen.Loaded {
			tree.missing.Add(-1)
		}
		fresh := &Entry{Value: readings[i].Value, Loaded: true, version: content.Version, number: content.Number}
		if readings[i].Refused != nil {
			fresh.Value = seen.Value
			fresh.Refused = true
		}
		judge(tree, full, content.Version, readings[i])
		setEntry(tree, full, fresh)
		if !seen.Loaded || seen.version != fresh.version || seen.Refused != fresh.Refused {
			note(tree, full)
		}
	}
	noteReady(tree)
}

// noteReady has the users told where everything is loaded for the first time, or where
// somebody waits for that.
func noteReady(tree *Subtree) {
	if tree.missing.Load() > 0 || tree.closed.Load() {
		return
	}
	wasReady, isAwaited := tree.ready.Swap(true), tree.awaited.Swap(false)
	if !wasReady || isAwaited {
		store.PutIntoOutbox(tree.cache.store, tree.sink)
	}
}

// isComplete tells whether everything that has been found is loaded. Where it isn't,
// all users are told when it is.
func isComplete(tree *Subtree) bool {
	if tree.ready.Load() && tree.missing.Load() == 0 {
		return true
	}
	tree.awaited.Store(true)
	return tree.ready.Load() && tree.missing.Load() == 0
}

func receiveKnownLater(tree *Subtree) {
	guard.Retry(tree.serial.Name, func() {
		receiveKnown(tree)
		endPending(tree)
	})
}

// endPending notes that something that was known has been taken in. What is not there by now
// isn't known, so the users are told.
func endPending(tree *Subtree) {
	if tree.pending.Add(-1) > 0 || tree.ready.Load() && tree.missing.Load() == 0 {
		return
	}
	store.PutIntoOutbox(tree.cache.store, tree.sink)
	store.EmptyOutbox(tree.cache.store)
}

// receiveKnown makes what others have read already into values.
func receiveKnown(tree *Subtree) {
	var paths []string
	var contents []*value.Content
	tree.mu.Lock()
	for full, content := range tree.known {
		paths = append(paths, full)
		contents = append(contents, content)
	}
	tree.known = nil
	tree.mu.Unlock()
	receiveValues(tree, paths, contents)
}

// judge says what is wrong with a version of a node, once.
func judge(tree *Subtree, full string, version int64, r *value.Reading) {
	judgeAs(tree, tree.format, tree.key, full, version, r)
}

// judgeAs is judge for a list of children, too.
func judgeAs(tree *Subtree, format, key, full string, version int64, r *value.Reading) {
	last := tree.logged[full]
	if !diagnostic.IsNeeded(last, r) {
		return
	}
	st := tree.cache.store
	tree.logged[full] = diagnostic.Of(last, &diagnostic.Subject{Cluster: st.Name, Path: full, Format: format, Key: key, Refused: store.RefusedValues(st)}, version, r)
}

// Loaded tells whether everything that was found at first was read. It is called for requests.
func (tree *Subtree) Loaded() bool { return tree.ready.Load() }

// EntryFor is what is known of the node at a path without the chroot. It is nil where the node
// isn't one of the subtree's. It is called for requests.
func EntryFor(tree *Subtree, path string) *Entry {
	return entryAt(tree, string(tree.cache.store.Session.Chroot)+path)
}

// entryAt is what is known of the node at a path with the chroot.
func entryAt(tree *Subtree, full string) *Entry {
	seen, isThere := tree.values.Load(full)
	if !isThere {
		return nil
	}
	return seen.(*Entry)
}

// Each calls a function with what is known of each node of the subtree, by its path without
// the chroot.
func Each(tree *Subtree, use func(path string, seen *Entry)) {
	root := tree.cache.store.Session.Chroot
	tree.values.Range(func(full, seen any) bool {
		use(root.Relative(full.(string)), seen.(*Entry))
		return true
	})
}
