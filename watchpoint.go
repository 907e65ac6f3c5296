package zookeeper

import "github.com/go-zookeeper/zk"

// A watcher is told of events. It is called with the session's lock held, in the
// client's goroutines: it must not block, nor take that lock.
type watcher struct {
	notify func(zk.Event)
	always bool       // it is never forgotten, so nobody keeps where it waits
	keys   []pointKey // where it waits
	gone   bool
}

// A watchpoint is ZooKeeper's one-shot watch of a node's data or children in a
// session. However many watchers wait for its event, the server has it once, and
// once only the client keeps it: the client can't take a watch back.
type watchpoint struct {
	asking   int  // operations on their way
	set      bool // the server has the watch
	fired    bool // its event has come
	event    zk.Event
	watchers []*watcher
}

type pointKey struct {
	path     string // with the chroot
	children bool
}

// watched does an operation that reads a node, and has the watcher told of the
// first event after it. The operation is to ask for a watch where none is set.
func watched(s *session, c *connection, key pointKey, w *watcher, operation func(ask bool) error) error {
	for {
		point, ask := pointAt(s, key)
		err := operation(ask)
		if err != nil {
			notSet(s, key, point)
			return err
		}
		if wait(s, c, pointAnswer{key: key, point: point, asked: ask}, w) {
			return nil
		}
	}
}

func pointAt(s *session, key pointKey) (*watchpoint, bool) {
	h := lockSession(s)
	defer s.mu.Unlock()
	point := h.points[key]
	if point == nil {
		point = &watchpoint{}
		h.points[key] = point
	}
	point.asking++
	return point, !point.set
}

// notSet ends an operation that failed.
func notSet(s *session, key pointKey, point *watchpoint) {
	h := lockSession(s)
	defer s.mu.Unlock()
	point.asking--
	forgetUnset(h, key, point)
}

func forgetUnset(h *held, key pointKey, point *watchpoint) {
	if point.asking == 0 && !point.set && h.points[key] == point {
		delete(h.points, key)
	}
}

// A pointAnswer is the answer to an operation on a watched node.
type pointAnswer struct {
	key   pointKey
	point *watchpoint
	asked bool // for a watch
}

// wait tells whether the watcher will be told, or has been. It isn't where the
// operation relied on a watch whose event came meanwhile. A watch in a connection
// that was replaced is gone.
func wait(s *session, c *connection, a pointAnswer, w *watcher) bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	point := a.point
	point.asking--
	if c != h.connection {
		forgetUnset(h, a.key, point)
		w.notify(zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: a.key.path, Err: zk.ErrClosing})
		return true
	}
	if !point.fired {
		point.set = true
		addWatcher(point, a.key, w)
		return true
	}
	if a.asked {
		w.notify(point.event)
	}
	return a.asked
}

// addWatcher lets a watcher wait at a watchpoint, once however often it is given to it.
func addWatcher(point *watchpoint, key pointKey, w *watcher) {
	if w.gone || hasWatcher(point, w) {
		return
	}
	point.watchers = append(point.watchers, w)
	if !w.always {
		w.keys = append(w.keys, key)
	}
}

func hasWatcher(point *watchpoint, w *watcher) bool {
	for _, other := range point.watchers {
		if other == w {
			return true
		}
	}
	return false
}

// isWatched tells whether a watcher waits for the event of a watch that is set.
func isWatched(h *held, key pointKey, w *watcher) bool {
	point := h.points[key]
	return point != nil && point.set && hasWatcher(point, w)
}

// leaveWatch takes a watcher from a watchpoint. A watch that nobody waits for is taken
// back from the server, where the client can.
func leaveWatch(h *held, key pointKey, w *watcher) {
	point := h.points[key]
	if point == nil {
		return
	}
	point.watchers = without(point.watchers, w)
	if point.isIdle() && h.connection.client != nil {
		takeBackLater(sessionOf(h), h.connection, key, point)
	}
}

// takeBackIdle takes back the watches that nobody waits for any more, and that could
// not be taken back while there was no connection.
func takeBackIdle(h *held) {
	for key, point := range h.points {
		if point.isIdle() {
			takeBackLater(sessionOf(h), h.connection, key, point)
		}
	}
}

func takeBackLater(s *session, c *connection, key pointKey, point *watchpoint) {
	s.serial.post(func() { takeBack(s, c, key, point) })
}

func (point *watchpoint) isIdle() bool {
	return point.set && point.asking == 0 && len(point.watchers) == 0
}

func takeBack(s *session, c *connection, key pointKey, point *watchpoint) {
	able := manyReaderOf(c.client)
	if able == nil || !giveUpIdle(s, c, key, point) {
		return
	}
	if able.RemoveWatches(key.path, key.children) == nil {
		assumeChanged(s, key)
	}
}

// giveUpIdle gives a watchpoint up, and tells whether it still was idle.
func giveUpIdle(s *session, c *connection, key pointKey, point *watchpoint) bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	if c != h.connection || h.closed || !h.up() || h.points[key] != point || !point.isIdle() {
		return false
	}
	delete(h.points, key)
	return true
}

// assumeChanged tells those whose watch was set while another one of the same node was
// taken back, and may be gone with it.
func assumeChanged(s *session, key pointKey) {
	h := lockSession(s)
	defer s.mu.Unlock()
	fireUntold(h, key)
}

// fireUntold tells those who wait at a watchpoint of a change that no event told of, and
// gives the watchpoint up.
func fireUntold(h *held, key pointKey) {
	e := zk.Event{Type: zk.EventNodeDataChanged, State: zk.StateSyncConnected, Path: key.path}
	if key.children {
		e.Type = zk.EventNodeChildrenChanged
	}
	firePoint(h, key, e)
}

// setAt are the watchpoints at places where the server has the watch.
func setAt(h *held, keys []pointKey) map[pointKey]*watchpoint {
	set := map[pointKey]*watchpoint{}
	for _, key := range keys {
		point := h.points[key]
		if point != nil && point.set {
			set[key] = point
		}
	}
	return set
}

// fireSilent gives up watchpoints that are still the ones that they were.
func fireSilent(h *held, before map[pointKey]*watchpoint) {
	for key, point := range before {
		if h.points[key] == point {
			fireUntold(h, key)
		}
	}
}

// fire tells those who wait for an event.
func fire(h *held, e zk.Event) {
	if e.Type != zk.EventNodeChildrenChanged {
		firePoint(h, pointKey{path: e.Path}, e)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDataChanged {
		firePoint(h, pointKey{path: e.Path, children: true}, e)
	}
	h.above.changed(e)
}

func firePoint(h *held, key pointKey, e zk.Event) {
	point := h.points[key]
	if point == nil {
		return
	}
	delete(h.points, key)
	point.fired = true
	point.event = e
	for _, w := range point.watchers {
		w.keys = without(w.keys, key)
		w.notify(e)
	}
}

// releaseAll tells all watchers that their watches are gone, and why.
func releaseAll(h *held, err error) {
	for key := range h.points {
		firePoint(h, key, zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: key.path, Err: err})
	}
}

// countWatches is how many there are at the server, none while there is no connection. Where
// a node has a recursive watch, the client keeps the one of its data to itself.
func countWatches(h *held) int {
	if !h.up() {
		return 0
	}
	recursive := h.connection.recursive
	count := len(recursive)
	for key, point := range h.points {
		if point.set && (key.children || !recursive[key.path]) {
			count++
		}
	}
	return count
}
