package zookeeper

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// emptyCache is a cache in a session without a client.
func emptyCache() *cache { return newCache(newSession("empty", &settings{})) }

func viewed(c *cache, paths ...string) []*node {
	return inCache(c, paths, func(n *node) { n.views = []*view{{format: formatText, users: map[*listener]int{}}} })
}

// coveredNodes are nodes that a recursive watch tells of.
func coveredNodes(c *cache, paths ...string) []*node {
	t := &sink{recursive: true}
	return inCache(c, paths, func(n *node) { n.sinks = []*sink{t} })
}

func inCache(c *cache, paths []string, use func(n *node)) []*node {
	var nodes []*node
	for _, path := range paths {
		n := &node{path: path}
		use(n)
		c.nodes.data[path] = n
		nodes = append(nodes, n)
	}
	return nodes
}

func enqueueIn(c *cache, nodes ...*node) {
	all := lock(c)
	defer unlock(c)
	enqueue(all, nodes...)
}

// batches empties the queue, and has the paths of what is read together.
func batches(c *cache) [][]string {
	all := lock(c)
	defer unlock(c)
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
	c := emptyCache()
	nodes := viewed(c, "/a", "/b")
	enqueueIn(c, nodes[0], nodes[1], nodes[0])
	enqueueIn(c, nodes...)
	if got := fmt.Sprint(batches(c)); got != "[[/a] [/b]]" {
		t.Error(got)
	}
	for _, n := range nodes {
		if n.queued || !n.reading || n.asked.IsZero() {
			t.Errorf("%s: queued %t, reading %t, asked %s", n.path, n.queued, n.reading, n.asked)
		}
	}
}

// Nodes that need no watch of their own are read fifty at once. Others are read alone,
// and the order stays.
func TestWhatIsReadTogether(t *testing.T) {
	c := emptyCache()
	var paths []string
	for i := range 120 {
		paths = append(paths, fmt.Sprint("/many/", i))
	}
	many := coveredNodes(c, paths...)
	enqueueIn(c, many...)
	got := batches(c)
	if len(got) != 3 || len(got[0]) != mostAtOnce || len(got[1]) != mostAtOnce || len(got[2]) != 20 || !slices.Equal(slices.Concat(got...), paths) {
		t.Errorf("%q", got)
	}
	c = emptyCache()
	alone, together := viewed(c, "/alone"), coveredNodes(c, "/a", "/b", "/c")
	list := coveredNodes(c, "/list")[0]
	list.children, list.parent = true, true
	enqueueIn(c, together[0], together[1], alone[0], together[2], list)
	if got := fmt.Sprint(batches(c)); got != "[[/a /b] [/alone] [/c] [/list]]" {
		t.Error(got)
	}
}

// nodeBeingRead is a node that is being read through the session's connection.
func nodeBeingRead(t *testing.T, c *cache) *node {
	t.Helper()
	n := viewed(c, "/a")[0]
	enqueueIn(c, n)
	batches(c)
	c.session.state.connection.holders++
	return n
}

// endReading ends the reading of a node through a connection, and has what is read then.
func endReading(t *testing.T, c *cache, n *node, used *connection) string {
	t.Helper()
	done(c, []*node{n}, used, []time.Duration{0})
	if n.reading || n.again || used.holders != 0 {
		t.Errorf("reading %t, again %t, %d holders", n.reading, n.again, used.holders)
	}
	return fmt.Sprint(batches(c))
}

func TestNodeThatWasRead(t *testing.T) {
	c := emptyCache()
	n := nodeBeingRead(t, c)
	if got := endReading(t, c, n, c.session.state.connection); got != "[]" {
		t.Errorf("%s is read again", got)
	}
}

func TestChangeWhileANodeIsRead(t *testing.T) {
	c := emptyCache()
	n := nodeBeingRead(t, c)
	enqueueIn(c, n)
	if got := endReading(t, c, n, c.session.state.connection); got != "[[/a]]" {
		t.Errorf("%s is read again", got)
	}
}

func TestNodeReadThroughAConnectionThatIsGone(t *testing.T) {
	c := emptyCache()
	n, used := nodeBeingRead(t, c), c.session.state.connection
	c.session.state.connection = &connection{settings: c.session.state.settings}
	if got := endReading(t, c, n, used); got != "[[/a]]" {
		t.Errorf("%s is read again", got)
	}
}

func TestNodeThatNobodyWantsAnyMore(t *testing.T) {
	c := emptyCache()
	n := nodeBeingRead(t, c)
	enqueueIn(c, n)
	n.views = nil
	if got := endReading(t, c, n, c.session.state.connection); got != "[]" || c.nodes.data["/a"] != nil {
		t.Errorf("%s is read again; it is known: %t", got, c.nodes.data["/a"] != nil)
	}
}

// A node that couldn't be read is read again after a delay.
func TestReadingLater(t *testing.T) {
	const delay = 20 * time.Millisecond
	c := emptyCache()
	n, began := nodeBeingRead(t, c), time.Now()
	done(c, []*node{n}, c.session.state.connection, []time.Duration{delay})
	for len(batches(c)) == 0 {
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
	c := emptyCache()
	n := nodeBeingRead(t, c)
	done(c, []*node{n}, c.session.state.connection, []time.Duration{time.Hour})
	if got := fmt.Sprint(batches(c)); got != "[]" {
		t.Errorf("%s is read at once", got)
	}
	enqueueIn(c, n)
	if got := fmt.Sprint(batches(c)); got != "[[/a]]" || n.retry != nil {
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
