package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A node needs no watch of its own if all who use it have a recursive one that tells of it.
func TestCoveredNodes(t *testing.T) {
	with, without := &Sink{recursive: true}, &Sink{}
	for _, c := range []struct {
		what string
		node *node
		want bool
	}{
		{"nobody's", &node{}, false},
		{"a sink's", &node{sinks: []*Sink{with}}, true},
		{"a sink's without a recursive watch", &node{sinks: []*Sink{without}}, false},
		{"two sinks'", &node{sinks: []*Sink{with, without}}, false},
		{"a view's, too", &node{sinks: []*Sink{with}, views: []*view{{}}}, false},
		{"a list that is a value", &node{sinks: []*Sink{with}, children: true}, false},
		{"a list that is read for the names", &node{sinks: []*Sink{with}, children: true, parent: true}, true},
	} {
		if got := isCovered(c.node); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

func TestWhatIsBelowATop(t *testing.T) {
	for _, c := range []struct {
		path, top string
		want      bool
	}{{"/a", "/", true}, {"/a", "/a", true}, {"/a/b", "/a", true}, {"/ab", "/a", false}, {"/", "/a", false}} {
		if got := isBelow(c.path, c.top); got != c.want {
			t.Errorf("%s below %s: %t", c.path, c.top, got)
		}
	}
}

// listeningSink is a sink with a recursive watch that writes down which nodes came and went.
func listeningSink(top string, noted *[]string) *Sink {
	return &Sink{
		Top: top, recursive: true,
		NodeCreated: func(path string) { *noted = append(*noted, top+": +"+path) },
		NodeDeleted: func(path string) { *noted = append(*noted, top+": -"+path) },
	}
}

// Sinks with a recursive watch are told of the nodes that come and go below their tops.
func TestSinksAreToldOfNodes(t *testing.T) {
	st := emptyStore()
	var noted []string
	blind := listeningSink("/a", &noted)
	blind.recursive = false
	st.nodes.sinks = []*Sink{listeningSink("/a", &noted), listeningSink("/b", &noted), blind}
	lock(st)
	for _, event := range []zk.EventType{zk.EventNodeCreated, zk.EventNodeDataChanged, zk.EventNodeChildrenChanged, zk.EventNodeDeleted} {
		forwardToSinks(st.nodes, zk.Event{Type: event, Path: "/a/x"})
	}
	unlock(st)
	if got := fmt.Sprint(noted); got != "[/a: +/a/x /a: -/a/x]" {
		t.Error(got)
	}
}

// A covered node is read again when a recursive watch tells of it. Others have watches of
// their own, which tell as well.
func TestChangesOfCoveredNodes(t *testing.T) {
	st := emptyStore()
	covered, own := coveredNodes(st, "/covered")[0], viewed(st, "/own")[0]
	st.nodes.sinks = covered.sinks
	lock(st)
	forwardToSinks(st.nodes, zk.Event{Type: zk.EventNodeDataChanged, Path: "/covered"})
	forwardToSinks(st.nodes, zk.Event{Type: zk.EventNodeDataChanged, Path: "/own"})
	unlock(st)
	if !covered.queued || own.queued {
		t.Errorf("read: %t, %t", covered.queued, own.queued)
	}
}

// coveredList is a list of children that a recursive watch tells of.
func coveredList(st *Store, names ...string) *node {
	n := &node{path: "/list", children: true, parent: true, sinks: []*Sink{{recursive: true}}, content: &value.Content{Exists: true, Children: names}}
	st.nodes.children[n.path] = n
	return n
}

// The list of children of a covered node is kept up to date without being read.
func TestChildrenThatComeAndGo(t *testing.T) {
	st := emptyStore()
	n := coveredList(st, "c", "a", "b")
	before := n.content
	lock(st)
	noteChild(st.nodes, "/list/new", true)
	noteChild(st.nodes, "/list/a", false)
	noteChild(st.nodes, "/list/b", false)
	noteChild(st.nodes, "/list/b", true)
	noteChild(st.nodes, "/other/x", true)
	unlock(st)
	if got := contentOf(n).Children; !slices.Equal(got, []string{"c", "b", "new"}) || n.queued {
		t.Errorf("%q, read: %t", got, n.queued)
	}
	if !slices.Equal(before.Children, []string{"c", "a", "b"}) || contentOf(n) != n.content {
		t.Errorf("the content from before has %q now", before.Children)
	}
}

// A list that is being read may be older than the event. So may one with very many changes be
// worth being read.
func TestChildrenWhileTheirListIsRead(t *testing.T) {
	st := emptyStore()
	n := coveredList(st)
	n.reading = true
	lock(st)
	noteChild(st.nodes, "/list/a", true)
	unlock(st)
	if !n.again {
		t.Error("it isn't read once more")
	}
	n.reading, n.again = false, false
	lock(st)
	for i := range mostAltered + 1 {
		noteChild(st.nodes, fmt.Sprint("/list/", i), true)
	}
	unlock(st)
	if !n.queued {
		t.Error("with many changes it isn't read")
	}
}

// With a recursive watch, a sink's nodes go without watches of their own, unless the client
// has lost the server since.
func TestCoveringNodes(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(conn *session.Connection)
		want   bool
	}{
		{"in the same connection", func(conn *session.Connection) {}, true},
		{"after another one", func(conn *session.Connection) { conn.Period++ }, false},
	} {
		st := connectedStore(t)
		sink := &Sink{Top: "/a"}
		use := Acquire(st)
		all := lock(st)
		n := &node{path: "/a/x", sinks: []*Sink{sink}, content: &value.Content{}}
		all.data[n.path] = n
		unlock(st)
		watchInServer(t, st, keyOf(n))
		lock(st)
		c.change(use.Connection)
		unlock(st)
		NoteRecursiveWatch(st, use, sink)
		CoverNodes(st, use, sink)
		lock(st)
		if sink.recursive != c.want || session.IsWatching(all.session, keyOf(n), st.watcher) == c.want || !use.Connection.Recursive["/a"] {
			t.Errorf("%s: covered: %t, watched by itself: %t", c.what, sink.recursive, session.IsWatching(all.session, keyOf(n), st.watcher))
		}
		unlock(st)
		UncoverNodes(st, sink)
		if isCovered(n) {
			t.Errorf("%s: it is covered still", c.what)
		}
		st.Session.Release(use.Connection)
	}
}

// A node that is read for the first time when the recursive watch comes gives its own back in the
// end.
func TestReadingWhileNodesAreCovered(t *testing.T) {
	st := connectedStore(t)
	sink := &Sink{Top: "/a"}
	use := Acquire(st)
	all := lock(st)
	n := &node{path: "/a/x", sinks: []*Sink{sink}, reading: true}
	all.data[n.path] = n
	unlock(st)
	watchInServer(t, st, keyOf(n))
	CoverNodes(st, use, sink)
	done(st, []*node{n}, use.Connection, []time.Duration{0})
	lock(st)
	defer unlock(st)
	if session.IsWatching(all.session, keyOf(n), st.watcher) {
		t.Error("it is watched by itself")
	}
}

func TestNoConnectionWithoutASession(t *testing.T) {
	if use := Acquire(emptyStore()); use != nil {
		t.Errorf("%+v", use)
	}
}

// A recursive watch is needed as long as there is a sink with that top.
func TestUnneededRecursiveWatches(t *testing.T) {
	st := emptyStore()
	conn := &session.Connection{Recursive: map[string]bool{"/a": true, "/b": true, "/c": true}}
	st.nodes.sinks = []*Sink{{Top: "/b"}}
	if got := unneeded(st, conn); !slices.Equal(got, []string{"/a", "/c"}) {
		t.Errorf("%q", got)
	}
}
