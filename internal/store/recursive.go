package store

import (
	"strings"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// One recursive watch tells of everything below a sink's top. ZooKeeper has recursive
// watches since 3.6, and the vendored client has them by its patches. Where either lacks
// them, each node has a watch of its own.

// RemoveUnneededWatches removes the recursive watches that no sink needs any more. It is
// called as one of the session's WatchTasks. The client sees to other watches of the same
// node, which the server would remove as well. While there is no session the client keeps
// all watches, and sets them again later. So this is called again when there is one.
func RemoveUnneededWatches(st *Store) {
	use := Acquire(st)
	if use == nil {
		return
	}
	conn := use.Connection
	for _, top := range unneeded(st, conn) {
		err := session.PatchedClientOf(conn).RemoveRecursiveWatch(top)
		if err == nil || !session.ConnectionFailed(err) {
			st.mu.Lock()
			delete(conn.Recursive, top)
			st.mu.Unlock()
		}
	}
	st.Session.Release(conn)
}

// unneeded are the tops of the recursive watches that a connection has for no sink.
func unneeded(st *Store, conn *session.Connection) []string {
	all := lock(st)
	defer st.mu.Unlock()
	needed := map[string]bool{}
	for _, sink := range all.sinks {
		needed[sink.Top] = true
	}
	var rest []string
	for _, top := range lists.SortedKeys(conn.Recursive) {
		if !needed[top] {
			rest = append(rest, top)
		}
	}
	return rest
}

// A ConnectionUse is a connection that was acquired, and what was true of it then.
type ConnectionUse struct {
	Connection *session.Connection
	SessionID  int64
	period     int // the connection's
}

// Acquire acquires the connection, which is released through the session. It returns nil
// where there is no session.
func Acquire(st *Store) *ConnectionUse {
	all := lock(st)
	defer st.mu.Unlock()
	conn := all.session.Acquire()
	if conn == nil {
		return nil
	}
	return &ConnectionUse{Connection: conn, SessionID: all.session.LastID(), period: conn.Period}
}

// NoteRecursiveWatch notes that the server has a recursive watch for a sink now. The sink's
// nodes go without watches of their own when CoverNodes is called.
func NoteRecursiveWatch(st *Store, use *ConnectionUse, sink *Sink) {
	st.mu.Lock()
	defer st.mu.Unlock()
	use.Connection.Recursive[sink.Top] = true
}

// CoverNodes has a sink's nodes go without watches of their own, since there is a recursive
// watch. It does nothing where the client has lost the server since it was acquired.
func CoverNodes(st *Store, use *ConnectionUse, sink *Sink) {
	all := lock(st)
	defer st.mu.Unlock()
	conn := use.Connection
	sink.recursive = conn == all.session.Connection && use.period == conn.Period && all.session.IsUp()
	if !sink.recursive {
		return
	}
	for _, n := range all.every() {
		if n.content != nil && hasSink(n, sink) && isCovered(n) {
			forgetUnwanted(all, n) // its own watch isn't needed any more
		}
	}
}

// UncoverNodes has a sink's nodes watched each by itself.
func UncoverNodes(st *Store, sink *Sink) {
	st.mu.Lock()
	defer st.mu.Unlock()
	sink.recursive = false
}

func hasSink(n *node, sink *Sink) bool {
	for _, other := range n.sinks {
		if other == sink {
			return true
		}
	}
	return false
}

// RereadNodes has all nodes of a sink read again. Its values are stale until they are.
func RereadNodes(st *Store, sink *Sink) {
	all := lock(st)
	defer st.mu.Unlock()
	var own []*node
	for _, n := range all.every() {
		if hasSink(n, sink) {
			n.delay = 0
			own = append(own, n)
		}
	}
	markUnread(sink, own)
	enqueue(all, own...)
}

// forwardToSinks tells the sinks of an event that they may have to do with. It is called
// with the lock held.
func forwardToSinks(all *nodes, e zk.Event) {
	if len(all.sinks) == 0 {
		return
	}
	n := all.data[e.Path]
	if n != nil && isCovered(n) {
		enqueue(all, n)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDeleted {
		return
	}
	noteChild(all, e.Path, e.Type == zk.EventNodeCreated)
	for _, sink := range all.sinks {
		if sink.recursive && isBelow(e.Path, sink.Top) {
			noteInSink(sink, e)
		}
	}
}

func noteInSink(sink *Sink, e zk.Event) {
	if e.Type == zk.EventNodeCreated {
		sink.NodeCreated(e.Path)
	} else {
		sink.NodeDeleted(e.Path)
	}
}

func isBelow(path, top string) bool {
	return top == "/" || path == top || strings.HasPrefix(path, top+"/")
}

// contentOf is a node's content as it is now. The list of children of a node with a
// recursive watch isn't read again when a child comes or goes, so that is put in here.
func contentOf(n *node) *value.Content {
	if len(n.altered) == 0 {
		return n.content
	}
	c := *n.content
	c.Children = nil
	for _, name := range n.content.Children {
		_, isAltered := n.altered[name]
		if !isAltered {
			c.Children = append(c.Children, name)
		}
	}
	for _, name := range lists.SortedKeys(n.altered) {
		if n.altered[name] {
			c.Children = append(c.Children, name)
		}
	}
	n.content = &c
	n.altered = nil
	return n.content
}

// mostAltered is how many altered children of a node are noted before its list is read again.
const mostAltered = 1000

// noteChild notes a child that came or went.
func noteChild(all *nodes, path string, exists bool) {
	above, name := value.SplitPath(path)
	n := all.children[above]
	if n == nil || !isCovered(n) {
		return
	}
	if n.reading {
		enqueue(all, n) // what comes may be older
	}
	if n.content == nil {
		return
	}
	if n.altered == nil {
		n.altered = map[string]bool{}
	}
	n.altered[name] = exists
	if len(n.altered) > mostAltered {
		enqueue(all, n)
	}
}
