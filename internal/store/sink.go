package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Sink gets what is read of many nodes, whole, and may get some that it doesn't use. It is
// what the store knows of a subtree.
//
// Yaegi: rings of references must not meet, so a sink refers to no nodes: what is unread
// are keys.
type Sink struct {
	// Top is the path above all nodes of the sink, with the chroot.
	Top string
	// Template is the path with placeholders that means the nodes, without the chroot.
	Template string
	// Receive is called with what was read of nodes, without the lock.
	Receive func(b *Batch)
	// Restart is called in a new connection, with the lock held. It has all nodes watched and
	// read, in another goroutine.
	Restart func()
	// NodeCreated and NodeDeleted are called with the lock held when the sink's recursive watch
	// tells of a node below its top. They must not block.
	NodeCreated func(path string)
	NodeDeleted func(path string)

	listeners []*session.Listener      // they are told of changes, each once
	recursive bool                     // a recursive watch tells of its nodes, so they need none of their own
	stale     time.Time                // since when no session tells of changes; zero while one does
	unread    map[session.NodeKey]bool // its nodes that are to be read before a session does
}

// A Batch is what was read of several nodes at once.
type Batch struct {
	Paths    []string // with the chroot
	Children bool     // the contents are lists of children
	Contents []*value.Content
}

// SetListeners says who is told of a sink's changes. Each listener is among them once.
func SetListeners(st *Store, sink *Sink, listeners []*session.Listener) {
	st.mu.Lock()
	defer st.mu.Unlock()
	sink.listeners = listeners
}

// PutIntoOutbox has the listeners of a sink told when the outbox is emptied: by EmptyOutbox, or
// by anybody else who does that when he gives the lock back. The caller may hold a subtree's
// lock.
func PutIntoOutbox(st *Store, sink *Sink) {
	all := lock(st)
	defer st.mu.Unlock()
	all.tell(sink.listeners...)
}

// EmptyOutbox tells all who are to be told. The caller holds no lock.
func EmptyOutbox(st *Store) {
	st.mu.Lock()
	unlock(st)
}

// Attach has a sink restarted in each connection, until Detach is called. Where there is a
// session, it is restarted at once. Attach returns true where there is none, and was one
// before, so that something may be known of the sink's nodes.
func Attach(st *Store, sink *Sink) bool {
	all := lock(st)
	defer st.mu.Unlock()
	all.sinks = append(append([]*Sink{}, all.sinks...), sink)
	all.session.Start()
	sink.stale = all.session.DownSince
	if all.session.IsUp() {
		sink.Restart()
		return false
	}
	return all.session.LastID() != 0
}

// Detach ends what Attach began, and has the sink's recursive watch removed if no other sink
// needs it. The sink's nodes stay until RemoveNode is called.
func Detach(st *Store, sink *Sink) {
	all := lock(st)
	defer st.mu.Unlock()
	all.sinks = lists.Without(all.sinks, sink)
	st.Session.WatchTasks.Post(func() { RemoveUnneededWatches(st) })
}

// StaleSince is since when no session tells of changes of what a sink was given. It is zero
// while one does.
func StaleSince(st *Store, sink *Sink) time.Time {
	st.mu.Lock()
	defer st.mu.Unlock()
	return sink.stale
}
