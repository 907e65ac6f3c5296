package cache

import (
	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
)

// restart has the subtree watched and read in a new connection, by another goroutine.
func restart(tree *Subtree) {
	tree.cache.store.Session.WatchTasks.Post(func() { watchAndRead(tree) })
}

// readKnown takes what is known of the nodes of a subtree that comes while there is no
// session.
func readKnown(tree *Subtree) {
	readAll(tree)
	endPending(tree)
}

// watchAndRead sets the recursive watch. Then it has all nodes read, since the watch tells
// nothing of what was before.
func watchAndRead(tree *Subtree) {
	use := store.Acquire(tree.cache.store)
	if use == nil {
		return
	}
	if tree.closed.Load() {
		tree.cache.store.Session.Release(use.Connection)
		return
	}
	err := watchTree(tree, use)
	if err == nil || !session.ConnectionFailed(err) {
		readWatched(tree, use, &attempt{session: use.SessionID, recursive: err == nil})
	}
	tree.cache.store.Session.Release(use.Connection)
	if err == nil && tree.closed.Load() {
		store.RemoveUnneededWatches(tree.cache.store)
	}
}

// watchTree sets the recursive watch.
func watchTree(tree *Subtree, use *store.ConnectionUse) error {
	client := session.PatchedClientOf(use.Connection)
	if client == nil {
		return zk.ErrAPIError
	}
	err := client.AddRecursiveWatch(tree.sink.Top)
	if err == nil {
		store.NoteRecursiveWatch(tree.cache.store, use, tree.sink)
	}
	return err
}

// An attempt is how a subtree was watched when all of it was read.
type attempt struct {
	session   int64 // the session's id
	recursive bool  // with a recursive watch
}

// readWatched has all nodes read once they are watched. Where each node has a watch of
// its own, that is needed in a new session only, or where somebody mustn't go by what
// may have changed.
func readWatched(tree *Subtree, use *store.ConnectionUse, now *attempt) {
	if now.recursive {
		store.CoverNodes(tree.cache.store, use, tree.sink)
	} else {
		store.UncoverNodes(tree.cache.store, tree.sink)
	}
	before := tree.before
	if now.recursive || before.recursive || before.session != now.session || store.HasStalenessListener(tree.cache.store, tree.sink) {
		readAll(tree)
	} else {
		store.AssumeRead(tree.cache.store, tree.sink)
	}
	tree.before = now
}

// readAll has all nodes of the subtree read, beginning with its root. What others have
// read already is there at once.
func readAll(tree *Subtree) {
	tree.mu.Lock()
	defer unlockTree(tree)
	if tree.closed.Load() {
		return
	}
	if tree.parents[tree.sink.Top] != nil {
		store.RereadNodes(tree.cache.store, tree.sink)
		return
	}
	addParents(tree, 0, tree.sink.Top)
	noteReady(tree)
	store.CheckStaleness(tree.cache.store, tree.sink)
}
