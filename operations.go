package zookeeper

import "github.com/go-zookeeper/zk"

// The operations that read a node; paths have the chroot. A watcher, unless nil,
// is told of the first change after what was read.

func (s *session) get(c *connection, path string, w *watcher) ([]byte, *zk.Stat, error) {
	if w == nil {
		return c.client.Get(path)
	}
	var data []byte
	var stat *zk.Stat
	err := watched(s, c, pointKey{path: path}, w, func(ask bool) error {
		var err error
		if ask {
			data, stat, _, err = c.client.GetW(path)
		} else {
			data, stat, err = c.client.Get(path)
		}
		return err
	})
	return data, stat, err
}

func (s *session) exists(c *connection, path string, w *watcher) (bool, *zk.Stat, error) {
	if w == nil {
		return c.client.Exists(path)
	}
	var exists bool
	var stat *zk.Stat
	err := watched(s, c, pointKey{path: path}, w, func(ask bool) error {
		var err error
		if ask {
			exists, stat, _, err = c.client.ExistsW(path)
		} else {
			exists, stat, err = c.client.Exists(path)
		}
		return err
	})
	return exists, stat, err
}

func (s *session) childrenOf(c *connection, path string, w *watcher) ([]string, *zk.Stat, error) {
	if w == nil {
		return c.client.Children(path)
	}
	var names []string
	var stat *zk.Stat
	err := watched(s, c, pointKey{path: path, children: true}, w, func(ask bool) error {
		var err error
		if ask {
			names, stat, _, err = c.client.ChildrenW(path)
		} else {
			names, stat, err = c.client.Children(path)
		}
		return err
	})
	return names, stat, err
}

// A manyReader is a client that can watch recursively, take watches back, and read
// many nodes at once.
type manyReader interface {
	AddRecursiveWatch(path string) error
	RemoveRecursiveWatch(path string) error
	RemoveWatches(path string, children bool) error
	MultiGet(paths []string) ([][]byte, []*zk.Stat, []error, error)
}

// A reader is what every client can do.
//
// Yaegi: what is in an any can't be asserted to be an interface of the plugin's;
// what is in another interface can.
type reader interface {
	Exists(path string) (bool, *zk.Stat, error)
}

func asReader(client *zk.Conn) reader { return client }

// manyReaderOf is nil for a client that can't.
func manyReaderOf(client *zk.Conn) manyReader {
	able, isAble := asReader(client).(manyReader)
	if !isAble {
		return nil
	}
	return able
}

// An asyncGet asks for a node's data with a watch, and doesn't wait for the answer.
type asyncGet func(path string, answer func([]byte, *zk.Stat, error)) bool

type asyncGetter interface {
	GetAsync(path string, answer func([]byte, *zk.Stat, error)) bool
}

// asyncGetOf is nil for a client that can't.
func asyncGetOf(client *zk.Conn) asyncGet {
	able, isAble := asReader(client).(asyncGetter)
	if !isAble {
		return nil
	}
	return able.GetAsync
}

// watch has a watcher told of the session's own events.
func (s *session) watch(w *watcher) {
	h := lockSession(s)
	defer s.mu.Unlock()
	h.watchers[w] = true
}

// unwatch takes a watcher from wherever it waits.
func (s *session) unwatch(w *watcher) {
	h := lockSession(s)
	defer s.mu.Unlock()
	delete(h.watchers, w)
	w.gone = true
	for _, key := range w.keys {
		leaveWatch(h, key, w)
	}
	w.keys = nil
}
