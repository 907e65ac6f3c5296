package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// load has nodes known already.
func load(nodes ...*node) {
	for _, n := range nodes {
		n.content = &value.Content{Exists: true, Version: 1}
	}
}

// watchInServer is a trigger whose watch the server has, and which the store waits for.
func watchInServer(t *testing.T, st *Store, key session.NodeKey) *session.Trigger {
	t.Helper()
	all := lock(st)
	trigger := &session.Trigger{Asking: 1}
	all.session.Triggers[key] = trigger
	read := &session.WatchedRead{Connection: all.session.Connection, Key: key, Trigger: trigger, SetsWatch: true, Watcher: st.watcher}
	unlock(st)
	if !session.FinishWatchedRead(st.Session, read) {
		t.Fatal("there is no watch")
	}
	return trigger
}

// After a reconnect, what has a watch of its own is read again; once in a while, all is. What
// isn't known yet is on its way anyway.
func TestWhatARecheckReads(t *testing.T) {
	for which, want := range map[int][]string{recheckOwn: {"/own"}, recheckAll: {"/covered", "/own"}} {
		st := emptyStore()
		own, covered := viewed(st, "/own", "/unread"), coveredNodes(st, "/covered")
		load(own[0], covered[0])
		recheck(st, which)
		var paths []string
		for _, batch := range batches(st) {
			paths = append(paths, batch...)
		}
		slices.Sort(paths)
		if !slices.Equal(paths, want) || !own[0].rechecked || covered[0].rechecked {
			t.Errorf("%d reads %q; for a recheck of a watch: %t, %t", which, paths, own[0].rechecked, covered[0].rechecked)
		}
		if st.nodes.recheck == nil {
			t.Error("there is no next recheck")
		}
		st.Session.Close()
	}
}

func TestRecheckAfterTheEnd(t *testing.T) {
	st := emptyStore()
	load(viewed(st, "/a")...)
	st.Session.Close()
	recheck(st, recheckAll)
	if got := fmt.Sprint(batches(st)); got != "[]" || st.nodes.recheck != nil {
		t.Errorf("%s is read; there is a next recheck: %t", got, st.nodes.recheck != nil)
	}
}

// Only for a recheck it counts which watches there were before, and only once.
func TestTriggersBeforeARecheck(t *testing.T) {
	st := emptyStore()
	n := viewed(st, "/a")[0]
	trigger := watchInServer(t, st, keyOf(n))
	if got := triggersBefore(st, n); got != nil {
		t.Errorf("without a recheck: %v", got)
	}
	n.rechecked = true
	if got := triggersBefore(st, n); len(got) != 1 || got[keyOf(n)] != trigger {
		t.Errorf("with a recheck: %v", got)
	}
	if got := triggersBefore(st, n); got != nil {
		t.Errorf("the second time: %v", got)
	}
}

// A change that no event has told of shows that the watch is gone, so the node is read and
// watched anew.
func TestWatchThatIsLost(t *testing.T) {
	for _, c := range []struct {
		what   string
		before *value.Content
		fresh  *value.Content
		isLost bool
	}{
		{"the same version", &value.Content{Version: 1}, &value.Content{Version: 1}, false},
		{"another version", &value.Content{Version: 1}, &value.Content{Version: 2}, true},
		{"a node that may not be read now", &value.Content{Version: 1}, &value.Content{Version: 1, Denied: errors.New("denied")}, true},
		{"a node that was never read", nil, &value.Content{Version: 2}, false},
	} {
		st := emptyStore()
		n := viewed(st, "/a")[0]
		n.content = c.before
		watchInServer(t, st, keyOf(n))
		n.rechecked = true
		noticeLostWatch(st, n, triggersBefore(st, n), c.fresh)
		if lost := st.nodes.session.Triggers[keyOf(n)] == nil; lost != c.isLost || n.queued != c.isLost {
			t.Errorf("%s: the watch is given up: %t, the node is read: %t", c.what, lost, n.queued)
		}
	}
}

// A watch that has told of a change meanwhile, and was set again, isn't lost.
func TestWatchThatWasSetAgain(t *testing.T) {
	st := emptyStore()
	n := viewed(st, "/a")[0]
	load(n)
	watchInServer(t, st, keyOf(n))
	n.rechecked = true
	before := triggersBefore(st, n)
	again := watchInServer(t, st, keyOf(n))
	noticeLostWatch(st, n, before, &value.Content{Version: 2})
	if st.nodes.session.Triggers[keyOf(n)] != again {
		t.Error("it is given up")
	}
}

// Other credentials have all nodes read again, and those that were known for a recheck of
// their watches.
func TestOtherCredentials(t *testing.T) {
	st := emptyStore()
	nodes := viewed(st, "/known", "/unknown")
	load(nodes[0])
	restarts := 0
	st.nodes.sinks = []*Sink{{Restart: func() { restarts++ }}}
	lock(st)
	rereadAsOtherUser(st.nodes)
	unlock(st)
	if !nodes[0].queued || !nodes[1].queued || !nodes[0].rechecked || nodes[1].rechecked || restarts != 1 {
		t.Errorf("read: %t, %t; for a recheck: %t, %t; restarts: %d", nodes[0].queued, nodes[1].queued, nodes[0].rechecked, nodes[1].rechecked, restarts)
	}
}

// An event has those nodes of a path read again that it is about.
func TestWhatAnEventIsAbout(t *testing.T) {
	for event, want := range map[zk.EventType][]bool{
		zk.EventNodeCreated: {true, true}, zk.EventNodeDeleted: {true, true}, zk.EventNodeDataChanged: {true, false},
		zk.EventNodeChildrenChanged: {false, true}, zk.EventNotWatching: {false, false},
	} {
		st := emptyStore()
		data, list := viewed(st, "/a")[0], &node{path: "/a", children: true}
		st.nodes.children["/a"] = list
		lock(st)
		enqueueChanged(st.nodes, zk.Event{Type: event, Path: "/a"})
		unlock(st)
		if data.queued != want[0] || list.queued != want[1] {
			t.Errorf("%s: the data is read: %t, the list: %t", event, data.queued, list.queued)
		}
	}
}
