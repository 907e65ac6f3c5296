package zookeeper

import "time"

// A subtree's values are as stale as the oldest of them: from the end of a session
// until all of its nodes are read in the next one.

func keyOf(n *node) pointKey { return pointKey{path: n.path, children: n.children} }

// awaitReading has a sink's values count as stale until these nodes are read.
func awaitReading(t *sink, nodes []*node) {
	t.unread = map[pointKey]bool{}
	for _, n := range nodes {
		t.unread[keyOf(n)] = true
	}
}

// inherit has a sink's values count as stale as those of a node that is known.
func inherit(t *sink, n *node) {
	if n.content == nil || n.stale.IsZero() {
		return
	}
	if t.stale.IsZero() || n.stale.Before(t.stale) {
		t.stale = n.stale
	}
	if t.unread == nil {
		t.unread = map[pointKey]bool{}
	}
	t.unread[keyOf(n)] = true
}

// readStale has a node read that was to be read in this session for somebody who has
// gone meanwhile.
func readStale(all *nodes, n *node) {
	if all.session.up() && !n.stale.IsZero() {
		enqueue(all, n)
	}
}

func isAwaited(n *node) bool {
	for _, t := range n.sinks {
		if len(t.unread) > 0 {
			return true
		}
	}
	return false
}

// noteRead notes that a node was read, or can't be, for those who wait for it.
func noteRead(all *nodes, n *node) {
	if !n.stale.IsZero() && n.problem == "" {
		return
	}
	for _, t := range n.sinks {
		if len(t.unread) > 0 {
			delete(t.unread, keyOf(n))
			vouch(all, t)
		}
	}
}

// vouch ends a sink's staleness where all of it is read.
func vouch(all *nodes, t *sink) {
	if len(t.unread) > 0 || t.stale.IsZero() || !all.session.up() {
		return
	}
	t.stale = time.Time{}
	all.tell(sensitiveOf(listenersOf(t))...)
}

// vouchRead ends a subtree's staleness where all of it is read.
func vouchRead(t *subtree) {
	all := lock(t.cache)
	defer t.cache.mu.Unlock()
	vouch(all, t.sink)
}

// vouchUnread is for a session that goes on, in which events tell of all that has
// changed: what a subtree knows counts as read.
func vouchUnread(t *subtree) {
	all := lock(t.cache)
	defer unlock(t.cache)
	if !all.session.up() {
		return
	}
	for _, n := range all.every() {
		if hasSink(n, t.sink) && n.content != nil && len(n.views) == 0 {
			n.stale = time.Time{}
			noteRead(all, n)
		}
	}
	t.sink.unread = nil
	vouch(all, t.sink)
}

func sensitiveOf(users []*listener) []*listener {
	var sensitive []*listener
	for _, user := range users {
		if user.staleness {
			sensitive = append(sensitive, user)
		}
	}
	return sensitive
}

func isSensitive(t *subtree) bool {
	t.cache.mu.Lock()
	defer t.cache.mu.Unlock()
	return len(sensitiveOf(listenersOf(t.sink))) > 0
}

// hasSensitive tells whether somebody reads a node who doesn't serve values for ever.
func hasSensitive(n *node) bool {
	for _, v := range n.views {
		for user := range v.users {
			if user.staleness {
				return true
			}
		}
	}
	return false
}
