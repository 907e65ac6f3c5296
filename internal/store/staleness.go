package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A sink's values are as stale as the oldest of them: from the end of a session until all of
// its nodes are read in the next one.

func keyOf(n *node) session.NodeKey { return session.NodeKey{Path: n.path, Children: n.children} }

// markUnread has a sink's values count as stale until these nodes are read.
func markUnread(sink *Sink, nodes []*node) {
	sink.unread = map[session.NodeKey]bool{}
	for _, n := range nodes {
		sink.unread[keyOf(n)] = true
	}
}

// inheritStaleness has a sink's values count as at least as stale as those of a node that it
// gets.
func inheritStaleness(sink *Sink, n *node) {
	if n.content == nil || n.stale.IsZero() {
		return
	}
	if sink.stale.IsZero() || n.stale.Before(sink.stale) {
		sink.stale = n.stale
	}
	if sink.unread == nil {
		sink.unread = map[session.NodeKey]bool{}
	}
	sink.unread[keyOf(n)] = true
}

// rereadIfStale has a node read that was to be read in this session for somebody who has
// gone meanwhile.
func rereadIfStale(all *nodes, n *node) {
	if !n.stale.IsZero() && all.session.IsUp() {
		enqueue(all, n)
	}
}

// isUnread tells whether one of a node's sinks has nodes that are to be read.
func isUnread(n *node) bool {
	for _, sink := range n.sinks {
		if len(sink.unread) > 0 {
			return true
		}
	}
	return false
}

// markRead notes that a node was read, or can't be, for the sinks whose values are stale
// until then.
func markRead(all *nodes, n *node) {
	if !n.stale.IsZero() && n.problem == "" {
		return
	}
	for _, sink := range n.sinks {
		if len(sink.unread) > 0 {
			delete(sink.unread, keyOf(n))
			endStaleness(all, sink)
		}
	}
}

// endStaleness ends a sink's staleness where all of its nodes are read.
func endStaleness(all *nodes, sink *Sink) {
	if len(sink.unread) > 0 || sink.stale.IsZero() || !all.session.IsUp() {
		return
	}
	sink.stale = time.Time{}
	all.tell(stalenessListeners(sink.listeners)...)
}

// CheckStaleness ends a sink's staleness where all of its nodes are read. The caller may hold
// a subtree's lock.
func CheckStaleness(st *Store, sink *Sink) {
	all := lock(st)
	defer st.mu.Unlock()
	endStaleness(all, sink)
}

// AssumeRead has what a sink was given count as read. It is for a session that goes on, in
// which events tell of all that has changed.
func AssumeRead(st *Store, sink *Sink) {
	all := lock(st)
	defer unlock(st)
	if !all.session.IsUp() {
		return
	}
	for _, n := range all.every() {
		if hasSink(n, sink) && n.content != nil && len(n.views) == 0 {
			n.stale = time.Time{}
			markRead(all, n)
		}
	}
	sink.unread = nil
	endStaleness(all, sink)
}

// stalenessListeners are those of the listeners that don't serve values for ever.
func stalenessListeners(users []*session.Listener) []*session.Listener {
	var sensitive []*session.Listener
	for _, user := range users {
		if user.Staleness {
			sensitive = append(sensitive, user)
		}
	}
	return sensitive
}

// HasStalenessListener tells whether one of a sink's users doesn't serve values for ever.
func HasStalenessListener(st *Store, sink *Sink) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return len(stalenessListeners(sink.listeners)) > 0
}

// isReadFresh tells whether one of those who read a node doesn't serve values for ever.
func isReadFresh(n *node) bool {
	for _, v := range n.views {
		for user := range v.users {
			if user.Staleness {
				return true
			}
		}
	}
	return false
}
