package session

import (
	"github.com/go-zookeeper/zk"
)

// The operations that read a node may be called from any goroutine that doesn't hold the
// lock, while the connection is held. Paths have the chroot. A watcher, unless it is nil, is
// told of the first change after what was read. Errors are the client's.

// Get returns a node's data.
func (s *Session) Get(conn *Connection, path string, w *Watcher) ([]byte, *zk.Stat, error) {
	if w == nil {
		return conn.Client.Get(path)
	}
	var data []byte
	var stat *zk.Stat
	err := readWatched(s, &WatchedRead{Connection: conn, Key: NodeKey{Path: path}, Watcher: w}, func(sets bool) error {
		var err error
		if sets {
			data, stat, err = getShared(conn, path)
		} else {
			data, stat, err = conn.Client.Get(path)
		}
		return err
	})
	return data, stat, err
}

// Exists tells whether there is a node. A watcher of a missing one is told of its creation.
func (s *Session) Exists(conn *Connection, path string, w *Watcher) (bool, *zk.Stat, error) {
	if w == nil {
		return conn.Client.Exists(path)
	}
	var exists bool
	var stat *zk.Stat
	err := readWatched(s, &WatchedRead{Connection: conn, Key: NodeKey{Path: path}, Watcher: w}, func(sets bool) error {
		var err error
		if sets {
			exists, stat, err = existsShared(conn, path)
		} else {
			exists, stat, err = conn.Client.Exists(path)
		}
		return err
	})
	return exists, stat, err
}

// ChildrenOf returns the names of a node's children. A watcher is told when some come or go.
func (s *Session) ChildrenOf(conn *Connection, path string, w *Watcher) ([]string, *zk.Stat, error) {
	if w == nil {
		return conn.Client.Children(path)
	}
	var names []string
	var stat *zk.Stat
	err := readWatched(s, &WatchedRead{Connection: conn, Key: NodeKey{Path: path, Children: true}, Watcher: w}, func(sets bool) error {
		var err error
		if sets {
			names, stat, err = childrenShared(conn, path)
		} else {
			names, stat, err = conn.Client.Children(path)
		}
		return err
	})
	return names, stat, err
}

// A PatchedClient is a client that can watch recursively, tell the session's own watches from
// those of others and take them back, and read many nodes at once. The vendored client can,
// by its patches. Others can't.
type PatchedClient interface {
	GetShared(path string) ([]byte, *zk.Stat, error)
	ExistsShared(path string) (bool, *zk.Stat, error)
	ChildrenShared(path string) ([]string, *zk.Stat, error)
	AddRecursiveWatch(path string) error
	RemoveRecursiveWatch(path string) error
	RemoveWatches(path string, children bool, isWanted func() bool) error
	MultiGet(paths []string) ([][]byte, []*zk.Stat, []error, error)
}

// anyClient is what every client can do.
//
// Yaegi: what is in an any can't be asserted to be an interface of the plugin's;
// what is in another interface can.
type anyClient interface {
	Exists(path string) (bool, *zk.Stat, error)
}

func asAnyClient(client *zk.Conn) anyClient { return client }

// PatchedClientOf is a connection's client with what the patches add. It is nil for a client
// that lacks them.
func PatchedClientOf(conn *Connection) PatchedClient {
	able, isAble := asAnyClient(conn.Client).(PatchedClient)
	if !isAble {
		return nil
	}
	return able
}

// What sets a watch of the session's own. Its event comes to the session, which shares it
// among those who wait. Whoever sets a watch through the client by himself has a channel for
// it, and is not disturbed when the session takes its own watch back.

func getShared(conn *Connection, path string) ([]byte, *zk.Stat, error) {
	able := PatchedClientOf(conn)
	if able != nil {
		return able.GetShared(path)
	}
	data, stat, _, err := conn.Client.GetW(path)
	return data, stat, err
}

func existsShared(conn *Connection, path string) (bool, *zk.Stat, error) {
	able := PatchedClientOf(conn)
	if able != nil {
		return able.ExistsShared(path)
	}
	exists, stat, _, err := conn.Client.ExistsW(path)
	return exists, stat, err
}

func childrenShared(conn *Connection, path string) ([]string, *zk.Stat, error) {
	able := PatchedClientOf(conn)
	if able != nil {
		return able.ChildrenShared(path)
	}
	names, stat, _, err := conn.Client.ChildrenW(path)
	return names, stat, err
}

// An asyncGet asks for a node's data with a watch, and doesn't wait for the answer. It tells
// whether the client has taken the request.
type asyncGet func(path string, answer func([]byte, *zk.Stat, error)) bool

type asyncGetter interface {
	GetAsync(path string, answer func([]byte, *zk.Stat, error)) bool
}

// asyncGetOf is nil for a client that can't.
func asyncGetOf(client *zk.Conn) asyncGet {
	able, isAble := asAnyClient(client).(asyncGetter)
	if !isAble {
		return nil
	}
	return able.GetAsync
}

// AddSessionWatcher has a watcher told of the session's own events, until it is discarded.
func (s *Session) AddSessionWatcher(w *Watcher) {
	in := Lock(s)
	defer s.Mu.Unlock()
	in.watchers[w] = true
}

// WithArmed calls a function with whether a watcher waits for an event, with the lock held.
func (s *Session) WithArmed(w *Watcher, use func(isArmed bool)) {
	Lock(s)
	defer s.Mu.Unlock()
	use(len(w.keys) > 0)
}

// DiscardWatcher has a watcher told of nothing any more, wherever it waits.
func (s *Session) DiscardWatcher(w *Watcher) {
	in := Lock(s)
	defer s.Mu.Unlock()
	delete(in.watchers, w)
	w.discarded = true
	for _, key := range w.keys {
		RemoveWatcher(in, key, w)
	}
	w.keys = nil
}
