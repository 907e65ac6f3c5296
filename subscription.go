package zookeeper

import "time"

// A subscription is a listener's hold on what one path gives: a view of a node,
// or, for a pattern, a subtree.
type subscription struct {
	listener *listener
	source   any // the *pool
	node     *node
	view     *view
	tree     *subtree // in the place of node and view
	user     *treeUser
}

// poolOf is the pool that a subscription holds on to.
//
// Yaegi: a type without a name is a text, which has in it those of all types that it
// refers to. A pool's would be in that of an instance eight times, and an instance's
// in that of the registry five times, up to a megabyte.
func poolOf(s *subscription) *pool { return s.source.(*pool) }

// subscribe starts to watch what nobody watched yet.
func (p *pool) subscribe(l *listener, at place, format, key string) *subscription {
	if at.pattern != nil {
		tree, user := p.grow(l, at.pattern, format, key)
		return &subscription{listener: l, source: p, tree: tree, user: user}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.nodeOf(p.chroot.full(at.path), listsChildren(format))
	if isCarried(n) {
		p.enqueue(n) // for a watch of its own
	}
	p.readStale(n)
	v := p.viewOf(n, format, key)
	v.users[l]++
	return &subscription{listener: l, source: p, node: n, view: v}
}

// cancel ends the subscription; a node that nobody subscribes to is forgotten.
func (s *subscription) cancel() {
	if s.tree != nil {
		s.tree.leave(s.user)
		return
	}
	p := poolOf(s)
	n, v := s.node, s.view
	p.mu.Lock()
	defer p.mu.Unlock()
	v.users[s.listener]--
	if v.users[s.listener] > 0 {
		return
	}
	delete(v.users, s.listener)
	if len(v.users) > 0 {
		return
	}
	n.views = without(n.views, v)
	p.forgetUnwanted(n)
}

// A sighting is what a subscription sees at a moment.
type sighting struct {
	value   any       // nil where there is none
	loaded  bool      // the node was read
	known   bool      // and is not stale for longer than maxStale allows
	stale   time.Time // since when no session vouches for it; zero while one does
	refused bool      // the node's present version can't be used
	tree    *subtree  // where the request decides which node it is
}

// outdate takes away what is too stale, and notes when the rest will be.
func outdate(seen *sighting, m *moment) {
	if !seen.known || seen.stale.IsZero() {
		return
	}
	turns := seen.stale.Add(m.maxStale)
	if !m.now.Before(turns) {
		seen.value = nil
		seen.known = false
	} else if m.turns.IsZero() || turns.Before(m.turns) {
		m.turns = turns
	}
}

func glance(s *subscription) *sighting {
	p := poolOf(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.tree != nil {
		return &sighting{tree: s.tree, loaded: true, known: true, stale: s.tree.taker.stale}
	}
	if !s.view.loaded {
		return &sighting{}
	}
	return &sighting{value: s.view.value, loaded: true, known: true, stale: s.node.stale, refused: s.view.refused}
}

// settled tells whether there is nothing to wait for: the node is loaded, or
// the session has been away for longer than patience already.
func (s *subscription) settled(patience time.Duration) bool {
	if s.tree != nil && s.tree.isComplete() || s.tree == nil && s.isLoaded() {
		return true
	}
	return !s.isPending() && poolOf(s).awayFor(patience)
}

// isPending tells whether something is known that is still being read.
func (s *subscription) isPending() bool {
	if s.tree != nil {
		return s.tree.pending.Load() > 0
	}
	p := poolOf(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	return s.node.content != nil && !s.view.loaded
}

func (s *subscription) isLoaded() bool {
	if s.tree != nil {
		return s.tree.loaded()
	}
	p := poolOf(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	return s.view.loaded
}

func (p *pool) awayFor(patience time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.downSince.IsZero() && time.Since(p.downSince) >= patience
}
