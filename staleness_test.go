package zookeeper

import (
	"testing"
	"time"
)

// staleTree is a subtree with two nodes that are to be read in this session, and with a
// listener that is told when values are fresh again, and one that isn't.
func staleTree(c *cache) (*subtree, []*node, *listener) {
	told := &listener{staleness: true}
	of := &sink{recursive: true, stale: time.Now().Add(-time.Minute), users: map[*treeUser]bool{{listener: told}: true, {listener: &listener{}}: true}}
	nodes := inCache(c, []string{"/a", "/b"}, func(n *node) {
		n.sinks = []*sink{of}
		n.content = &content{}
	})
	awaitReading(of, nodes)
	c.nodes.sinks = []*sink{of}
	return &subtree{cache: c, sink: of}, nodes, told
}

// toldWhen are the listeners that are told since a node was read.
func toldWhen(c *cache, n *node) []*listener {
	c.session.state.outbox = nil
	noteRead(c.nodes, n)
	return c.session.state.outbox
}

// A subtree's values are fresh once all of its nodes are read.
func TestValuesAreFreshWhenAllIsRead(t *testing.T) {
	c := emptyCache()
	tree, nodes, told := staleTree(c)
	c.session.state.word = StateConnected
	if got := toldWhen(c, nodes[0]); len(got) > 0 || tree.sink.stale.IsZero() {
		t.Error("they are fresh before")
	}
	if got := toldWhen(c, nodes[0]); len(got) > 0 || tree.sink.stale.IsZero() {
		t.Error("they are fresh since a node was read twice")
	}
	if got := toldWhen(c, nodes[1]); len(got) != 1 || got[0] != told || !tree.sink.stale.IsZero() {
		t.Errorf("%d are told, stale since %s", len(got), tree.sink.stale)
	}
}

// Without a session nobody vouches for anything.
func TestValuesStayStaleWithoutASession(t *testing.T) {
	c := emptyCache()
	tree, nodes, _ := staleTree(c)
	for _, n := range nodes {
		if got := toldWhen(c, n); len(got) > 0 {
			t.Error("somebody is told")
		}
	}
	if tree.sink.stale.IsZero() {
		t.Error("they are fresh")
	}
}

// A node that couldn't be read isn't waited for, one that is still stale is.
func TestNodesThatCannotBeRead(t *testing.T) {
	c := emptyCache()
	tree, nodes, _ := staleTree(c)
	c.session.state.word = StateConnected
	nodes[0].stale = time.Now()
	nodes[1].stale, nodes[1].problem = time.Now(), "can't be read"
	noteRead(c.nodes, nodes[0])
	noteRead(c.nodes, nodes[1])
	if len(tree.sink.unread) != 1 || !tree.sink.unread[keyOf(nodes[0])] {
		t.Errorf("it waits for %v", tree.sink.unread)
	}
}

// In a session that goes on, events tell of all that has changed: what is known counts
// as read.
func TestKnownValuesInASessionThatGoesOn(t *testing.T) {
	c := emptyCache()
	tree, nodes, told := staleTree(c)
	calls := 0
	told.changed = func() { calls++ }
	nodes[0].stale = tree.sink.stale
	c.session.state.word = StateReconnected
	vouchUnread(tree)
	if calls != 1 || !tree.sink.stale.IsZero() || !nodes[0].stale.IsZero() {
		t.Errorf("they are told %d times, stale since %s", calls, tree.sink.stale)
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
		of, n := &sink{stale: c.sink}, &node{path: "/a", stale: c.node}
		if c.known {
			n.content = &content{}
		}
		inherit(of, n)
		if awaits := c.known && !c.node.IsZero(); !of.stale.Equal(c.want) || of.unread[keyOf(n)] != awaits {
			t.Errorf("%s: stale since %s, it waits: %t", c.what, of.stale, of.unread[keyOf(n)])
		}
	}
}
