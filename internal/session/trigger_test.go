package session

import (
	"errors"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

// toldWatcher is a watcher that keeps what it is told.
type toldWatcher struct {
	Watcher
	events []zk.Event
}

func newToldWatcher() *toldWatcher {
	w := &toldWatcher{}
	w.Notify = func(e zk.Event) { w.events = append(w.events, e) }
	return w
}

// wants sees that a watcher was told of so many events, the last one of this type.
func (w *toldWatcher) wants(t *testing.T, what string, count int, last zk.EventType) {
	t.Helper()
	if len(w.events) != count || count > 0 && w.events[count-1].Type != last {
		t.Errorf("%s: it was told of %v; want %d, the last one %v", what, w.events, count, last)
	}
}

// unconnected is a session without a client.
func unconnected() *Session { return New("unconnected", &ensemble.Settings{}) }

var theData, theChildren = NodeKey{Path: "/a"}, NodeKey{Path: "/a", Children: true}

// dataRead is an operation that reads the data for a watcher.
func dataRead(s *Session, w *toldWatcher) *WatchedRead {
	return &WatchedRead{Connection: s.internals.Connection, Key: theData, Watcher: &w.Watcher}
}

// watchOn has a watcher wait, and tells whether a watch was asked for.
func watchOn(t *testing.T, s *Session, key NodeKey, w *toldWatcher) bool {
	t.Helper()
	asked := false
	err := readWatched(s, &WatchedRead{Connection: s.internals.Connection, Key: key, Watcher: &w.Watcher}, func(ask bool) error {
		asked = ask
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// fireIn is an event of a node, as the client tells it.
func fireIn(s *Session, event zk.EventType, path string) {
	in := Lock(s)
	defer s.Mu.Unlock()
	fireEvent(in, zk.Event{Type: event, Path: path})
}

// However many wait, the server is asked for one watch, and each is told once.
func TestWatchersShareAWatch(t *testing.T) {
	s, first, second := unconnected(), newToldWatcher(), newToldWatcher()
	if !watchOn(t, s, theData, first) || watchOn(t, s, theData, second) || watchOn(t, s, theData, second) {
		t.Error("not only the first one asks")
	}
	fireIn(s, zk.EventNodeDataChanged, "/other")
	first.wants(t, "another node's", 0, 0)
	fireIn(s, zk.EventNodeDataChanged, "/a")
	fireIn(s, zk.EventNodeDataChanged, "/a")
	first.wants(t, "the first", 1, zk.EventNodeDataChanged)
	second.wants(t, "the second", 1, zk.EventNodeDataChanged)
	if !watchOn(t, s, theData, first) {
		t.Error("after the event, nobody asks again")
	}
}

// An event is for the watches that the server has spent with it.
func TestEventsOfWatches(t *testing.T) {
	for event, want := range map[zk.EventType]struct{ data, children int }{
		zk.EventNodeCreated: {1, 0}, zk.EventNodeDataChanged: {1, 0}, zk.EventNodeChildrenChanged: {0, 1}, zk.EventNodeDeleted: {1, 1},
	} {
		s, data, children := unconnected(), newToldWatcher(), newToldWatcher()
		watchOn(t, s, theData, data)
		watchOn(t, s, theChildren, children)
		fireIn(s, event, "/a")
		data.wants(t, event.String()+", data", want.data, event)
		children.wants(t, event.String()+", children", want.children, event)
	}
}

// An operation that fails sets no watch, and leaves nothing behind.
func TestWatchOfAFailedOperation(t *testing.T) {
	s, w, failure := unconnected(), newToldWatcher(), errors.New("failed")
	if err := readWatched(s, dataRead(s, w), func(bool) error { return failure }); err != failure {
		t.Error(err)
	}
	if len(s.internals.Triggers) > 0 {
		t.Error("something is left")
	}
	fireIn(s, zk.EventNodeDataChanged, "/a")
	w.wants(t, "a failed one", 0, 0)
}

// An event that comes before the answer of the operation that set the watch is not lost.
func TestEventBeforeTheAnswer(t *testing.T) {
	s, w := unconnected(), newToldWatcher()
	err := readWatched(s, dataRead(s, w), func(bool) error {
		fireIn(s, zk.EventNodeDataChanged, "/a")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.wants(t, "early", 1, zk.EventNodeDataChanged)
}

// Who relied on another one's watch, which was spent meanwhile, reads again with one
// of its own.
func TestWatchThatIsSpentMeanwhile(t *testing.T) {
	s, first, second := unconnected(), newToldWatcher(), newToldWatcher()
	watchOn(t, s, theData, first)
	var asked []bool
	err := readWatched(s, dataRead(s, second), func(ask bool) error {
		asked = append(asked, ask)
		if len(asked) == 1 {
			fireIn(s, zk.EventNodeDataChanged, "/a")
		}
		return nil
	})
	if err != nil || len(asked) != 2 || asked[0] || !asked[1] {
		t.Errorf("it asked %v, %v", asked, err)
	}
	second.wants(t, "before it has a watch", 0, 0)
	fireIn(s, zk.EventNodeDeleted, "/a")
	second.wants(t, "with a watch", 1, zk.EventNodeDeleted)
}

// A watch in a connection that was replaced is gone, and its watcher is told so.
func TestWatchInAReplacedConnection(t *testing.T) {
	s, w := unconnected(), newToldWatcher()
	err := readWatched(s, dataRead(s, w), func(bool) error {
		s.internals.Connection = &Connection{Settings: s.internals.settings}
		return nil
	})
	if err != nil || len(s.internals.Triggers) > 0 {
		t.Errorf("%d are left, %v", len(s.internals.Triggers), err)
	}
	w.wants(t, "replaced", 1, zk.EventNotWatching)
}

// A watcher that is forgotten is told of nothing any more, and waits nowhere.
func TestForgottenWatcher(t *testing.T) {
	s, w, other := unconnected(), newToldWatcher(), newToldWatcher()
	watchOn(t, s, theData, w)
	watchOn(t, s, theChildren, w)
	watchOn(t, s, theData, other)
	s.DiscardWatcher(&w.Watcher)
	watchOn(t, s, theData, w)
	fireIn(s, zk.EventNodeDeleted, "/a")
	w.wants(t, "forgotten", 0, 0)
	other.wants(t, "another one", 1, zk.EventNodeDeleted)
}

// When the session ends, all are told why.
func TestEndOfAllWatches(t *testing.T) {
	s, w := unconnected(), newToldWatcher()
	watchOn(t, s, theData, w)
	watchOn(t, s, theChildren, w)
	endAllWatches(Lock(s), zk.ErrSessionExpired)
	s.Mu.Unlock()
	w.wants(t, "the end", 2, zk.EventNotWatching)
	for _, e := range w.events {
		if e.Err != zk.ErrSessionExpired || e.Path != "/a" {
			t.Errorf("%+v", e)
		}
	}
	if len(s.internals.Triggers) > 0 || len(w.keys) > 0 {
		t.Error("something is left")
	}
}
