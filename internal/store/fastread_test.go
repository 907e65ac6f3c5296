package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// watchedNode is a node that is known and watched, in a session without a client.
func watchedNode(t *testing.T, st *Store) *node {
	t.Helper()
	n := viewed(st, "/a")[0]
	load(n)
	watchInServer(t, st, keyOf(n))
	return n
}

// askedIn has a connection's client take requests, and keeps their paths.
func askedIn(st *Store, takes bool) *[]string {
	asked := &[]string{}
	conn := st.nodes.session.Connection
	conn.OnAnswer = answersOf(st, conn.Number)
	conn.GetAsync = func(path string, answer func([]byte, *zk.Stat, error)) bool {
		*asked = append(*asked, path)
		return takes
	}
	return asked
}

func changeOfA() zk.Event { return zk.Event{Type: zk.EventNodeDataChanged, Path: "/a"} }

// Only a node that nothing else is done with is read fast, and one node at a time.
func TestWhatIsReadFast(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(st *Store, n *node)
		isFast bool
	}{
		{"a watched node", func(st *Store, n *node) {}, true},
		{"a node that is being read", func(st *Store, n *node) { n.reading = true }, false},
		{"a node in the queue", func(st *Store, n *node) { n.queued = true }, false},
		{"a node for a recheck", func(st *Store, n *node) { n.rechecked = true }, false},
		{"a second one", func(st *Store, n *node) { st.nodes.fast = &fastRead{} }, false},
		{"a node that nobody wants", func(st *Store, n *node) { delete(st.nodes.data, "/a") }, false},
		{"a node without a watch", func(st *Store, n *node) { delete(st.nodes.session.Triggers, keyOf(n)) }, false},
	} {
		st := emptyStore()
		n := watchedNode(t, st)
		asked := askedIn(st, true)
		c.change(st, n)
		readFast(st, st.nodes.session.Connection.Number, changeOfA())
		if got := len(*asked) == 1; got != c.isFast || st.nodes.session.Connection.Holders != len(*asked) {
			t.Errorf("%s: %q is asked for, %d hold the connection", c.what, *asked, st.nodes.session.Connection.Holders)
		}
	}
}

func TestWhatIsLeftToTheQueue(t *testing.T) {
	st := emptyStore()
	watchedNode(t, st)
	asked := askedIn(st, true)
	readFast(st, st.nodes.session.Connection.Number, zk.Event{Type: zk.EventNodeDeleted, Path: "/a"})
	readFast(st, st.nodes.session.Connection.Number+1, changeOfA())
	st.nodes.session.Connection.GetAsync = nil
	readFast(st, st.nodes.session.Connection.Number, changeOfA())
	if len(*asked) > 0 || st.nodes.fast != nil {
		t.Errorf("%q is read fast", *asked)
	}
}

// beginReadingFast has a fast read begin, and its event noted.
func beginReadingFast(t *testing.T, st *Store) (*node, *session.Trigger) {
	t.Helper()
	n := watchedNode(t, st)
	askedIn(st, true)
	readFast(st, st.nodes.session.Connection.Number, changeOfA())
	if st.nodes.fast == nil {
		t.Fatal("it isn't read fast")
	}
	all := lock(st)
	defer unlock(st)
	delete(all.session.Triggers, keyOf(n)) // as the event does
	enqueueChanged(all, changeOfA())
	return n, all.fast.trigger
}

// The event that a fast read began with isn't read for once more. Another one is.
func TestEventOfAFastRead(t *testing.T) {
	st := emptyStore()
	n, trigger := beginReadingFast(t, st)
	if n.again || st.nodes.session.Triggers[keyOf(n)] != trigger {
		t.Errorf("it is read again: %t; its watch is being set: %t", n.again, st.nodes.session.Triggers[keyOf(n)] == trigger)
	}
	lock(st)
	enqueueChanged(st.nodes, changeOfA())
	unlock(st)
	if !n.again {
		t.Error("a second event is missed")
	}
}

// An answer is published, and the node is watched again.
func TestAnswerToAFastRead(t *testing.T) {
	st := emptyStore()
	n, _ := beginReadingFast(t, st)
	conn := st.nodes.session.Connection
	conn.OnAnswer([]byte("new"), &zk.Stat{Mzxid: 7}, nil)
	takeAnswer(st, <-st.answers)
	if string(n.content.Data) != "new" || n.content.Version != 7 || n.views[0].value != "new" {
		t.Errorf("%+v is known", n.content)
	}
	if st.nodes.fast != nil || n.reading || n.queued || conn.Holders != 0 || !session.IsWatching(st.nodes.session, keyOf(n), st.watcher) {
		t.Errorf("under way: %t, reading: %t, queued: %t, %d holders", st.nodes.fast != nil, n.reading, n.queued, conn.Holders)
	}
}

// A node that a recursive watch has come for meanwhile keeps no watch of its own.
func TestFastReadOfACoveredNode(t *testing.T) {
	st := emptyStore()
	n, _ := beginReadingFast(t, st)
	received := ""
	lock(st)
	n.sinks = []*Sink{{recursive: true, Receive: func(b *Batch) { received = string(b.Contents[0].Data) }}}
	n.views = nil
	forgetUnwanted(st.nodes, n)
	unlock(st)
	st.nodes.session.Connection.OnAnswer([]byte("new"), &zk.Stat{Mzxid: 7}, nil)
	takeAnswer(st, <-st.answers)
	if received != "new" || session.IsWatching(st.nodes.session, keyOf(n), st.watcher) {
		t.Errorf("%q is received; it is watched by itself: %t", received, session.IsWatching(st.nodes.session, keyOf(n), st.watcher))
	}
}

// Those who read a text in place have it before anything else is done about the answer, but not
// one that can't be used.
func TestAnswerThatIsReadInPlace(t *testing.T) {
	for _, c := range []struct{ data, want string }{{"new\n", "new"}, {"a\nb", "old"}, {"", "old"}} {
		st := emptyStore()
		n, _ := beginReadingFast(t, st)
		v := n.views[0]
		v.value = "old"
		lines := v.text.ReadInPlace(v.value)
		st.nodes.session.Connection.OnAnswer([]byte(c.data), &zk.Stat{Mzxid: 7}, nil)
		if got := (*lines.Load().(*[]string))[0]; got != c.want || v.value != "old" {
			t.Errorf("after %q: %q is read in place, %v is known", c.data, got, v.value)
		}
		takeAnswer(st, <-st.answers)
		if got := (*lines.Load().(*[]string))[0]; got != c.want {
			t.Errorf("after %q, in the end: %q is read in place", c.data, got)
		}
	}
}

// An answer that can't be shown at once is passed on all the same.
func TestPanicWhileAnAnswerIsShown(t *testing.T) {
	st := emptyStore()
	n, _ := beginReadingFast(t, st)
	n.views[0].text = nil
	func() {
		defer func() {
			if recover() == nil {
				t.Error("nothing went wrong")
			}
		}()
		st.nodes.session.Connection.OnAnswer([]byte("new"), &zk.Stat{Mzxid: 7}, nil)
	}()
	if len(st.answers) != 1 {
		t.Fatalf("%d answers", len(st.answers))
	}
	lock(st) // which nobody holds any more
	unlock(st)
}

// What fails is read by way of the queue, and so is what the client didn't take.
func TestFastReadThatFails(t *testing.T) {
	st := emptyStore()
	n, _ := beginReadingFast(t, st)
	conn := st.nodes.session.Connection
	conn.OnAnswer(nil, nil, errors.New("connection lost"))
	takeAnswer(st, <-st.answers)
	if got := fmt.Sprint(batches(st)); got != "[[/a]]" || conn.Holders != 0 || st.nodes.fast != nil || st.nodes.session.Triggers[keyOf(n)] != nil {
		t.Errorf("%s is read, %d holders", got, conn.Holders)
	}
	st = emptyStore()
	watchedNode(t, st)
	askedIn(st, false)
	readFast(st, st.nodes.session.Connection.Number, changeOfA())
	if a := <-st.answers; a.content != nil {
		t.Error("there is an answer to what wasn't asked for")
	}
}

// When the connection is given up, so is the fast read. An answer that comes later counts
// for nothing.
func TestFastReadThatIsGivenUp(t *testing.T) {
	st := emptyStore()
	n, _ := beginReadingFast(t, st)
	conn := st.nodes.session.Connection
	lock(st)
	st.nodes.session.Connection = &session.Connection{}
	abandonFast(st, st.nodes) // of another connection
	st.nodes.session.Connection = conn
	abandonFast(st, st.nodes)
	unlock(st)
	if len(st.answers) != 1 {
		t.Fatalf("%d answers", len(st.answers))
	}
	takeAnswer(st, <-st.answers)
	takeAnswer(st, &answer{connection: conn.Number, content: &value.Content{Exists: true, Data: []byte("late")}})
	if got := fmt.Sprint(batches(st)); got != "[[/a]]" || n.content.Data != nil {
		t.Errorf("%s is read; %q is known", got, n.content.Data)
	}
}
