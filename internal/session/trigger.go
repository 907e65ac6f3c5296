package session

import (
	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A Watcher is told of events. A watcher may wait for any number of them at once.
type Watcher struct {
	// Notify is called with each event, with the session's lock held: it must not block, nor
	// take that lock.
	Notify func(zk.Event)
	// Permanent is for a watcher that is never discarded. Where it waits needn't be kept.
	Permanent bool

	keys      []NodeKey // what it waits for
	discarded bool
}

// A Trigger is one of ZooKeeper's one-time watches: of a node's data, or of its children.
// The server has it once, however many watchers wait for its event, since the client's own
// list of those who wait only grows until the event comes.
type Trigger struct {
	Asking   int  // operations on their way
	set      bool // the server has the watch
	fired    bool // its event has come
	event    zk.Event
	watchers []*Watcher
}

// A NodeKey says what is read of a node, and watched: its data, or its list of children.
type NodeKey struct {
	Path     string // with the chroot
	Children bool   // the list of children, not the data
}

// A WatchedRead is an operation that reads a node for a watcher.
type WatchedRead struct {
	Connection *Connection // that it is done through
	Key        NodeKey
	Trigger    *Trigger
	SetsWatch  bool // the operation asks for a watch; else it relies on the one that is set
	Watcher    *Watcher
}

// readWatched does an operation that reads a node, and has the watcher told of the
// first event after it. The operation is told whether to ask for a watch.
func readWatched(s *Session, read *WatchedRead, operation func(sets bool) error) error {
	for {
		beginWatchedRead(s, read)
		err := operation(read.SetsWatch)
		if err != nil {
			FailWatchedRead(s, read)
			return err
		}
		if FinishWatchedRead(s, read) {
			return nil
		}
	}
}

// beginWatchedRead finds the trigger of an operation that begins.
func beginWatchedRead(s *Session, read *WatchedRead) {
	in := Lock(s)
	defer s.Mu.Unlock()
	trigger := in.Triggers[read.Key]
	if trigger == nil {
		trigger = &Trigger{}
		in.Triggers[read.Key] = trigger
	}
	trigger.Asking++
	read.Trigger = trigger
	read.SetsWatch = !trigger.set
}

// FailWatchedRead ends an operation that failed. The lock must not be held.
func FailWatchedRead(s *Session, read *WatchedRead) {
	in := Lock(s)
	defer s.Mu.Unlock()
	read.Trigger.Asking--
	forgetUnset(in, read.Key, read.Trigger)
}

func forgetUnset(in *Internals, key NodeKey, trigger *Trigger) {
	if trigger.Asking == 0 && !trigger.set && in.Triggers[key] == trigger {
		delete(in.Triggers, key)
	}
}

// FinishWatchedRead ends an operation that was answered. It returns true where the watcher
// will be told of the next event, or has been told already: that it came meanwhile, or that
// the connection was replaced and the watch is gone. It returns false where the operation
// relied on a watch whose event came meanwhile, so that it must be done again. The lock must
// not be held.
func FinishWatchedRead(s *Session, read *WatchedRead) bool {
	s.Mu.Lock() // Yaegi: a call of Lock would cost each change some time
	defer s.Mu.Unlock()
	in := s.internals
	trigger := read.Trigger
	trigger.Asking--
	if read.Connection != in.Connection {
		forgetUnset(in, read.Key, trigger)
		read.Watcher.Notify(zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: read.Key.Path, Err: zk.ErrClosing})
		return true
	}
	if !trigger.fired {
		trigger.set = true
		addWatcher(trigger, read.Key, read.Watcher)
		return true
	}
	if read.SetsWatch {
		read.Watcher.Notify(trigger.event)
	}
	return read.SetsWatch
}

// addWatcher has a watcher wait for a trigger, once however often it is given to it.
func addWatcher(trigger *Trigger, key NodeKey, w *Watcher) {
	if w.discarded || waitsFor(w, trigger) {
		return
	}
	trigger.watchers = append(trigger.watchers, w)
	if !w.Permanent {
		w.keys = append(w.keys, key)
	}
}

func waitsFor(w *Watcher, trigger *Trigger) bool {
	for _, other := range trigger.watchers {
		if other == w {
			return true
		}
	}
	return false
}

// IsWatching tells whether a watcher waits for the event of a watch that the server has. It
// is called with the lock held.
func IsWatching(in *Internals, key NodeKey, w *Watcher) bool {
	trigger := in.Triggers[key]
	return trigger != nil && trigger.set && waitsFor(w, trigger)
}

// RemoveWatcher has a watcher wait no more for one event. It is called with the lock held. A
// watch that nobody waits for any more is removed from the server later, where the client
// can do that.
func RemoveWatcher(in *Internals, key NodeKey, w *Watcher) {
	trigger := in.Triggers[key]
	if trigger == nil {
		return
	}
	trigger.watchers = lists.Without(trigger.watchers, w)
	if trigger.isIdle() && in.Connection.Client != nil {
		removeLater(in, key, trigger)
	}
}

// removeIdle removes the watches that nobody waits for any more, and that could not be
// removed while there was no connection.
func removeIdle(in *Internals) {
	for key, trigger := range in.Triggers {
		if trigger.isIdle() {
			removeLater(in, key, trigger)
		}
	}
}

func removeLater(in *Internals, key NodeKey, trigger *Trigger) {
	s, conn := sessionOf(in), in.Connection
	s.WatchTasks.Post(func() { removeFromServer(s, conn, key, trigger) })
}

func (trigger *Trigger) isIdle() bool {
	return trigger.set && trigger.Asking == 0 && len(trigger.watchers) == 0
}

func removeFromServer(s *Session, conn *Connection, key NodeKey, trigger *Trigger) {
	client := PatchedClientOf(conn)
	if client == nil || !forgetIdle(s, conn, key, trigger) {
		return
	}
	client.RemoveWatches(key.Path, key.Children, func() bool { return hasTrigger(s, key) })
}

// forgetIdle forgets a trigger, and tells whether it still was idle.
func forgetIdle(s *Session, conn *Connection, key NodeKey, trigger *Trigger) bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	if conn != in.Connection || in.Closed || !in.IsUp() || in.Triggers[key] != trigger || !trigger.isIdle() {
		return false
	}
	delete(in.Triggers, key)
	return true
}

// hasTrigger tells whether somebody waits, or is about to, since the trigger from before was
// forgotten. The watch may be gone with the one that was removed.
func hasTrigger(s *Session, key NodeKey) bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	return in.Triggers[key] != nil
}

// fireUntold tells those who wait for a trigger of a change that no event has told of.
func fireUntold(in *Internals, key NodeKey) {
	e := zk.Event{Type: zk.EventNodeDataChanged, State: zk.StateSyncConnected, Path: key.Path}
	if key.Children {
		e.Type = zk.EventNodeChildrenChanged
	}
	fireTrigger(in, key, e)
}

// TriggersAtServer are those of the keys whose watch the server has, with their triggers. It is
// called with the lock held.
func TriggersAtServer(in *Internals, keys []NodeKey) map[NodeKey]*Trigger {
	set := map[NodeKey]*Trigger{}
	for _, key := range keys {
		trigger := in.Triggers[key]
		if trigger != nil && trigger.set {
			set[key] = trigger
		}
	}
	return set
}

// FireLost fires the triggers among these that are still there, since their watches turned
// out to be gone at the server. It is called with the lock held.
func FireLost(in *Internals, before map[NodeKey]*Trigger) {
	for key, trigger := range before {
		if in.Triggers[key] == trigger {
			fireUntold(in, key)
		}
	}
}

// fireEvent tells those who wait for an event.
func fireEvent(in *Internals, e zk.Event) {
	if e.Type != zk.EventNodeChildrenChanged {
		fireTrigger(in, NodeKey{Path: e.Path}, e)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDataChanged {
		fireTrigger(in, NodeKey{Path: e.Path, Children: true}, e)
	}
	in.callbacks.NodeEvent(e)
}

// fireTrigger tells those who wait for a trigger of its event, and forgets it.
func fireTrigger(in *Internals, key NodeKey, e zk.Event) {
	trigger := in.Triggers[key]
	if trigger == nil {
		return
	}
	delete(in.Triggers, key)
	trigger.fired = true
	trigger.event = e
	for _, w := range trigger.watchers {
		w.keys = lists.Without(w.keys, key)
		w.Notify(e)
	}
}

// endAllWatches tells all watchers that their watches are gone, and why.
func endAllWatches(in *Internals, err error) {
	for key := range in.Triggers {
		fireTrigger(in, key, zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: key.Path, Err: err})
	}
}

// countWatches is how many watches there are at the server, none while there is no
// connection. Where a node has a recursive watch, the client keeps the one of its data to
// itself.
func countWatches(in *Internals) int {
	if !in.IsUp() {
		return 0
	}
	recursive := in.Connection.Recursive
	count := len(recursive)
	for key, trigger := range in.Triggers {
		if trigger.set && (key.Children || !recursive[key.Path]) {
			count++
		}
	}
	return count
}
