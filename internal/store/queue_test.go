package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// emptyStore is a store in a session without a client.
func emptyStore() *Store { return New(session.New("empty", &ensemble.Settings{})) }

func viewed(st *Store, paths ...string) []*node {
	return inStore(st, paths, func(n *node) {
		n.views = []*view{{format: value.FormatText, text: &published.Text{}, users: map[*session.Listener]int{}}}
	})
}

// coveredNodes are nodes that a recursive watch tells of.
func coveredNodes(st *Store, paths ...string) []*node {
	sink := &Sink{recursive: true}
	return inStore(st, paths, func(n *node) { n.sinks = []*Sink{sink} })
}

func inStore(st *Store, paths []string, use func(n *node)) []*node {
	var nodes []*node
	for _, path := range paths {
		n := &node{path: path}
		use(n)
		st.nodes.data[path] = n
		nodes = append(nodes, n)
	}
	return nodes
}

func enqueueIn(st *Store, nodes ...*node) {
	all := lock(st)
	defer unlock(st)
	enqueue(all, nodes...)
}

// batches empties the queue, and has the paths of what is read together.
func batches(st *Store) [][]string {
	all := lock(st)
	defer unlock(st)
	var taken [][]string
	for len(all.queue) > 0 {
		var paths []string
		for _, n := range dequeue(all) {
			paths = append(paths, n.path)
		}
		taken = append(taken, paths)
	}
	return taken
}

// A node is in the queue once, however often it is asked for.
func TestQueueHasANodeOnce(t *testing.T) {
	st := emptyStore()
	nodes := viewed(st, "/a", "/b")
	enqueueIn(st, nodes[0], nodes[1], nodes[0])
	enqueueIn(st, nodes...)
	if got := fmt.Sprint(batches(st)); got != "[[/a] [/b]]" {
		t.Error(got)
	}
	for _, n := range nodes {
		if n.queued || !n.reading || n.askedAt.IsZero() {
			t.Errorf("%s: queued %t, reading %t, asked %s", n.path, n.queued, n.reading, n.askedAt)
		}
	}
}

// Nodes that need no watch of their own are read fifty at once. Others are read alone,
// and the order stays.
func TestWhatIsReadTogether(t *testing.T) {
	st := emptyStore()
	var paths []string
	for i := range 120 {
		paths = append(paths, fmt.Sprint("/many/", i))
	}
	many := coveredNodes(st, paths...)
	enqueueIn(st, many...)
	got := batches(st)
	if len(got) != 3 || len(got[0]) != mostAtOnce || len(got[1]) != mostAtOnce || len(got[2]) != 20 || !slices.Equal(slices.Concat(got...), paths) {
		t.Errorf("%q", got)
	}
	st = emptyStore()
	alone, together := viewed(st, "/alone"), coveredNodes(st, "/a", "/b", "/c")
	list := coveredNodes(st, "/list")[0]
	list.children, list.parent = true, true
	enqueueIn(st, together[0], together[1], alone[0], together[2], list)
	if got := fmt.Sprint(batches(st)); got != "[[/a /b] [/alone] [/c] [/list]]" {
		t.Error(got)
	}
}

// nodeBeingRead is a node that is being read through the session's connection.
func nodeBeingRead(t *testing.T, st *Store) *node {
	t.Helper()
	n := viewed(st, "/a")[0]
	enqueueIn(st, n)
	batches(st)
	st.nodes.session.Connection.Holders++
	return n
}

// endReading ends the reading of a node through a connection, and has what is read then.
func endReading(t *testing.T, st *Store, n *node, used *session.Connection) string {
	t.Helper()
	done(st, []*node{n}, used, []time.Duration{0})
	if n.reading || n.again || used.Holders != 0 {
		t.Errorf("reading %t, again %t, %d holders", n.reading, n.again, used.Holders)
	}
	return fmt.Sprint(batches(st))
}

func TestNodeThatWasRead(t *testing.T) {
	st := emptyStore()
	n := nodeBeingRead(t, st)
	if got := endReading(t, st, n, st.nodes.session.Connection); got != "[]" {
		t.Errorf("%s is read again", got)
	}
}

func TestChangeWhileANodeIsRead(t *testing.T) {
	st := emptyStore()
	n := nodeBeingRead(t, st)
	enqueueIn(st, n)
	if got := endReading(t, st, n, st.nodes.session.Connection); got != "[[/a]]" {
		t.Errorf("%s is read again", got)
	}
}

func TestNodeReadThroughAConnectionThatIsGone(t *testing.T) {
	st := emptyStore()
	n, used := nodeBeingRead(t, st), st.nodes.session.Connection
	st.nodes.session.Connection = &session.Connection{Settings: st.nodes.session.Connection.Settings}
	if got := endReading(t, st, n, used); got != "[[/a]]" {
		t.Errorf("%s is read again", got)
	}
}

func TestNodeThatNobodyWantsAnyMore(t *testing.T) {
	st := emptyStore()
	n := nodeBeingRead(t, st)
	enqueueIn(st, n)
	n.views = nil
	if got := endReading(t, st, n, st.nodes.session.Connection); got != "[]" || st.nodes.data["/a"] != nil {
		t.Errorf("%s is read again; it is known: %t", got, st.nodes.data["/a"] != nil)
	}
}

// A node that couldn't be read is read again after a delay.
func TestReadingLater(t *testing.T) {
	const delay = 20 * time.Millisecond
	st := emptyStore()
	n, began := nodeBeingRead(t, st), time.Now()
	done(st, []*node{n}, st.nodes.session.Connection, []time.Duration{delay})
	for len(batches(st)) == 0 {
		if time.Since(began) > 10*time.Second {
			t.Fatal("it is never read")
		}
		time.Sleep(time.Millisecond)
	}
	if took := time.Since(began); took < delay {
		t.Errorf("it is read after %s", took)
	}
}

// A node that is asked for doesn't wait for its next attempt.
func TestReadingBeforeItsTime(t *testing.T) {
	st := emptyStore()
	n := nodeBeingRead(t, st)
	done(st, []*node{n}, st.nodes.session.Connection, []time.Duration{time.Hour})
	if got := fmt.Sprint(batches(st)); got != "[]" {
		t.Errorf("%s is read at once", got)
	}
	enqueueIn(st, n)
	if got := fmt.Sprint(batches(st)); got != "[[/a]]" || n.retry != nil {
		t.Errorf("%s is read; a timer is left: %t", got, n.retry != nil)
	}
}

func TestPausesBetweenReadings(t *testing.T) {
	delay, total := time.Duration(0), time.Duration(0)
	for range 20 {
		delay = nextRetry(delay)
		total += delay
	}
	if nextRetry(0) != firstRetry || delay != lastRetry || total < 10*lastRetry {
		t.Errorf("the first is %s, the last %s", nextRetry(0), delay)
	}
}
