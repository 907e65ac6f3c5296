package store

import (
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A node is what is read at one path: its data, or its list of children. It is read and
// watched in one operation, and read again when the watch tells of a change. All who want the
// same share it. Its fields may be used with the lock held only.
type node struct {
	path      string // with the chroot
	children  bool   // the list of children is read, not the data
	parent    bool   // it is read for the names of its children only
	views     []*view
	sinks     []*Sink
	content   *value.Content  // nil until it is loaded; see contentOf
	altered   map[string]bool // children that came (true) or went since the content was read, as a recursive watch tells
	stale     time.Time       // since when no session tells of changes; zero while one does
	queued    bool            // it is in the queue
	reading   bool            // it is being read
	rechecked bool            // it is to be read for a recheck
	again     bool            // it changed while it was being read
	changedAt time.Time       // when it did
	askedAt   time.Time       // when it was put into the queue; zero where what is to be read was read
	delay     time.Duration   // before the last attempt after a failure; 0 after a success
	retry     *time.Timer     // of the next attempt; nil where none is due
	problem   string          // why its present version can't be read or used
}

// wanted tells whether anybody uses the node.
func (n *node) wanted() bool { return len(n.views)+len(n.sinks) > 0 }

// isCovered tells whether a node needs no watch of its own, since all who use it are sinks
// with a recursive watch. A recursive watch doesn't tell of a list of children. Where a list
// is read for the names only, it tells of each child instead.
func isCovered(n *node) bool {
	if len(n.views) > 0 || len(n.sinks) == 0 || n.children && !n.parent {
		return false
	}
	for _, sink := range n.sinks {
		if !sink.recursive {
			return false
		}
	}
	return true
}

// fetch reads a node and watches it.
func fetch(st *Store, conn *session.Connection, n *node) (*value.Content, error) {
	return session.ReadContent(st.Session, conn, keyOf(n), watcherFor(st, n))
}

// watcherFor is the watcher of a node's own watch. It is nil where the node needs no watch.
func watcherFor(st *Store, n *node) *session.Watcher {
	st.mu.Lock()
	defer st.mu.Unlock()
	if isCovered(n) || !n.wanted() {
		return nil
	}
	return st.watcher
}

// nodeAt is the node at a path with the chroot. One that nobody has wanted yet is read.
func nodeAt(all *nodes, full string, children bool) *node {
	kind := all.of(children)
	n := kind[full]
	if n == nil {
		n = &node{path: full, children: children}
		kind[full] = n
		enqueue(all, n)
		all.session.Start()
	}
	return n
}

// enqueueChanged has the nodes of a path read again that an event is about. When a session has
// ended, nothing is read: in a new one all nodes are.
func enqueueChanged(all *nodes, e zk.Event) {
	if e.Type == zk.EventNotWatching {
		return
	}
	n := all.data[e.Path]
	if n != nil && e.Type != zk.EventNodeChildrenChanged && !isFast(all, n) {
		enqueue(all, n)
	}
	n = all.children[e.Path]
	if n != nil && e.Type != zk.EventNodeDataChanged {
		enqueue(all, n)
	}
}

// A NodeSet says which nodes a sink gets.
type NodeSet struct {
	Paths    []string // with the chroot
	Children bool     // the sink gets lists of children, not data
	Parents  bool     // it needs the names only, and learns of each child from a recursive watch
}

// AddNodes has a sink get what is read of nodes, until RemoveNode is called. It returns what
// is known of them already, by path. It also returns the number of the latest content that was
// published: what comes of the other nodes has a higher one.
func AddNodes(st *Store, sink *Sink, wanted *NodeSet) (map[string]*value.Content, int64) {
	all := lock(st)
	defer st.mu.Unlock()
	kind := all.of(wanted.Children)
	alone := []*Sink{sink}
	var fresh []*node
	known := map[string]*value.Content{}
	for _, path := range wanted.Paths {
		n := kind[path]
		if n == nil {
			n = &node{path: path, children: wanted.Children, parent: wanted.Parents, sinks: alone}
			kind[path] = n
			fresh = append(fresh, n)
			continue
		}
		shareNode(all, n, sink, wanted.Parents)
		if n.content != nil {
			known[path] = contentOf(n)
		}
	}
	enqueue(all, fresh...)
	all.session.Start()
	return known, all.latest
}

// shareNode adds a sink to those who use a node.
func shareNode(all *nodes, n *node, sink *Sink, parent bool) {
	wasCovered := isCovered(n)
	n.parent = parent && (n.parent || len(n.sinks) == 0)
	n.sinks = append(append([]*Sink{}, n.sinks...), sink)
	inheritStaleness(sink, n)
	rereadIfStale(all, n)
	if wasCovered && !isCovered(n) {
		enqueue(all, n) // for a watch of its own
	}
}

// RemoveNode ends what a sink gets of a node. A node that nobody uses is forgotten. The caller
// may hold a subtree's lock, so listeners are told by another goroutine.
func RemoveNode(st *Store, sink *Sink, key session.NodeKey) {
	all := lock(st)
	defer session.UnlockAndTellLater(st.Session)
	n := all.of(key.Children)[key.Path]
	if n == nil {
		return
	}
	n.sinks = lists.Without(n.sinks, sink)
	forgetUnwanted(all, n)
	if len(sink.unread) > 0 {
		delete(sink.unread, key)
		endStaleness(all, sink)
	}
}

// forgetUnwanted forgets a node that nobody uses, and removes watches of its own that it
// doesn't need any more.
func forgetUnwanted(all *nodes, n *node) {
	kind := all.of(n.children)
	if !n.wanted() && kind[n.path] == n {
		n.stopRetry()
		delete(kind, n.path)
	}
	data, children := needsOwnWatch(all.data[n.path]), needsOwnWatch(all.children[n.path])
	if !data && !children {
		session.RemoveWatcher(all.session, session.NodeKey{Path: n.path}, all.watcher)
	}
	if !children {
		session.RemoveWatcher(all.session, session.NodeKey{Path: n.path, Children: true}, all.watcher)
	}
}

func needsOwnWatch(n *node) bool { return n != nil && n.wanted() && !isCovered(n) }

// RereadChildren has a node's list of children read again, where somebody uses it. The path
// has the chroot.
func RereadChildren(st *Store, path string) {
	all := lock(st)
	defer st.mu.Unlock()
	n := all.children[path]
	if n != nil {
		enqueue(all, n)
	}
}

// RereadIfUnderWay tells whether a node's list of children is being read, or is to be. What
// comes may be older than an event that came meanwhile, so the list is read once more then.
func RereadIfUnderWay(st *Store, path string) bool {
	all := lock(st)
	defer st.mu.Unlock()
	n := all.children[path]
	if n == nil || !n.reading && !n.queued {
		return false
	}
	enqueue(all, n)
	return true
}
