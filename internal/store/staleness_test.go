package store

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// staleSink is a sink with two nodes that are to be read in this session, and with a
// listener that is told when values are fresh again, and one that isn't.
func staleSink(st *Store) (*Sink, []*node, *session.Listener) {
	told := &session.Listener{Staleness: true}
	of := &Sink{recursive: true, stale: time.Now().Add(-time.Minute), listeners: []*session.Listener{told, {}}}
	nodes := inStore(st, []string{"/a", "/b"}, func(n *node) {
		n.sinks = []*Sink{of}
		n.content = &value.Content{}
	})
	markUnread(of, nodes)
	st.nodes.sinks = []*Sink{of}
	return of, nodes, told
}

// toldWhen are the listeners that are told since a node was read.
func toldWhen(st *Store, n *node) []*session.Listener {
	st.nodes.session.Outbox = nil
	markRead(st.nodes, n)
	return st.nodes.session.Outbox
}

// A subtree's values are fresh once all of its nodes are read.
func TestValuesAreFreshWhenAllIsRead(t *testing.T) {
	st := connectedStore(t)
	of, nodes, told := staleSink(st)
	if got := toldWhen(st, nodes[0]); len(got) > 0 || of.stale.IsZero() {
		t.Error("they are fresh before")
	}
	if got := toldWhen(st, nodes[0]); len(got) > 0 || of.stale.IsZero() {
		t.Error("they are fresh since a node was read twice")
	}
	if got := toldWhen(st, nodes[1]); len(got) != 1 || got[0] != told || !of.stale.IsZero() {
		t.Errorf("%d are told, stale since %s", len(got), of.stale)
	}
}

// Without a session nobody vouches for anything.
func TestValuesStayStaleWithoutASession(t *testing.T) {
	st := emptyStore()
	of, nodes, _ := staleSink(st)
	for _, n := range nodes {
		if got := toldWhen(st, n); len(got) > 0 {
			t.Error("somebody is told")
		}
	}
	if of.stale.IsZero() {
		t.Error("they are fresh")
	}
}

// A node that couldn't be read isn't waited for, one that is still stale is.
func TestNodesThatCannotBeRead(t *testing.T) {
	st := connectedStore(t)
	of, nodes, _ := staleSink(st)
	nodes[0].stale = time.Now()
	nodes[1].stale, nodes[1].problem = time.Now(), "can't be read"
	markRead(st.nodes, nodes[0])
	markRead(st.nodes, nodes[1])
	if len(of.unread) != 1 || !of.unread[keyOf(nodes[0])] {
		t.Errorf("it waits for %v", of.unread)
	}
}

// In a session that goes on, events tell of all that has changed: what is known counts
// as read.
func TestKnownValuesInASessionThatGoesOn(t *testing.T) {
	st := connectedStore(t)
	of, nodes, told := staleSink(st)
	calls := 0
	told.Changed = func() { calls++ }
	nodes[0].stale = of.stale
	AssumeRead(st, of)
	if calls != 1 || !of.stale.IsZero() || !nodes[0].stale.IsZero() {
		t.Errorf("they are told %d times, stale since %s", calls, of.stale)
	}
}

// What a subtree takes over of a node is as old as that.
func TestInheritedStaleness(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		what       string
		sink, node time.Time
		known      bool
		want       time.Time
	}{
		{"a fresh node", now, time.Time{}, true, now},
		{"an older node", now, now.Add(-time.Hour), true, now.Add(-time.Hour)},
		{"a younger node", now, now.Add(time.Hour), true, now},
		{"the first that is stale", time.Time{}, now, true, now},
		{"a node that was never read", time.Time{}, now, false, time.Time{}},
	} {
		of, n := &Sink{stale: c.sink}, &node{path: "/a", stale: c.node}
		if c.known {
			n.content = &value.Content{}
		}
		inheritStaleness(of, n)
		if awaits := c.known && !c.node.IsZero(); !of.stale.Equal(c.want) || of.unread[keyOf(n)] != awaits {
			t.Errorf("%s: stale since %s, it waits: %t", c.what, of.stale, of.unread[keyOf(n)])
		}
	}
}
