package zookeeper

import "time"

// A subtree's values are as stale as the oldest of them: from the end of a session
// until all of its nodes are read in the next one.
//
// Yaegi: takers refer to no nodes, as nodes refer to them; so what is unread are keys.

func keyOf(n *node) pointKey { return pointKey{path: n.path, children: n.children} }

// awaitReading has a taker's values count as stale until these nodes are read; p.mu is
// held.
func (t *taker) awaitReading(nodes []*node) {
	t.unread = map[pointKey]bool{}
	for _, n := range nodes {
		t.unread[keyOf(n)] = true
	}
}

// inherit has a taker's values count as stale as those of a node that is known; p.mu is
// held.
func (t *taker) inherit(n *node) {
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
// gone meanwhile; p.mu is held.
func (p *pool) readStale(n *node) {
	if p.up() && !n.stale.IsZero() {
		p.enqueue(n)
	}
}

func isAwaited(n *node) bool {
	for _, t := range n.takers {
		if len(t.unread) > 0 {
			return true
		}
	}
	return false
}

// noteRead notes that a node was read, or can't be, and returns who is to be told that
// values are fresh; p.mu is held.
func (p *pool) noteRead(n *node) []*listener {
	if !n.stale.IsZero() && n.problem == "" {
		return nil
	}
	var affected []*listener
	for _, t := range n.takers {
		if len(t.unread) > 0 {
			delete(t.unread, keyOf(n))
			affected = append(affected, p.vouch(t)...)
		}
	}
	return affected
}

// vouch ends a taker's staleness where all of it is read; p.mu is held.
func (p *pool) vouch(t *taker) []*listener {
	if len(t.unread) > 0 || t.stale.IsZero() || !p.up() {
		return nil
	}
	t.stale = time.Time{}
	for _, tree := range p.roots {
		if tree.taker == t {
			return sensitiveOf(listenersOf(tree))
		}
	}
	return nil
}

// vouchFor is vouch without the lock held.
func (p *pool) vouchFor(t *taker) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.vouch(t)
}

// vouchUnread is for a session that goes on, in which events tell of all that has
// changed: what a taker knows counts as read.
func (p *pool) vouchUnread(t *taker) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.up() {
		return nil
	}
	var affected []*listener
	for _, n := range p.allNodes() {
		if hasTaker(n, t) && n.content != nil && len(n.views) == 0 {
			n.stale = time.Time{}
			affected = append(affected, p.noteRead(n)...)
		}
	}
	t.unread = nil
	return append(affected, p.vouch(t)...)
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

func (p *pool) isSensitive(t *subtree) bool { return len(sensitiveOf(p.usersOfTree(t))) > 0 }

// hasSensitive tells whether somebody reads a node who doesn't serve values for ever;
// p.mu is held.
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
