package zookeeper

import "time"

// A subscription is a listener's hold on what one path gives: a view of a node,
// or, for a pattern, a subtree.
type subscription struct {
	listener *listener
	source   any // the *cache
	node     *node
	view     *view
	tree     *subtree // in the place of node and view
	user     *treeUser
}

// cacheOf is the cache that a subscription is in.
//
// Yaegi: a type without a name is a text, which has in it those of all types that it
// refers to. A cache's would be in that of an instance eight times, and an instance's
// in that of the registry five times, up to a megabyte.
func cacheOf(s *subscription) *cache { return s.source.(*cache) }

// A target is what a subscription is for: the node at a path, or the nodes that a pattern
// means, read in one way.
type target struct {
	path    string
	pattern *pattern // in the place of the path; nil for none
	format  string
	key     string
}

// subscribe starts to watch what nobody watched yet.
func subscribe(c *cache, l *listener, to *target) *subscription {
	if to.pattern != nil {
		tree, user := subscribeTree(c, l, to)
		return &subscription{listener: l, source: c, tree: tree, user: user}
	}
	all := lock(c)
	defer c.mu.Unlock()
	n := nodeAt(all, c.session.chroot.full(to.path), listsChildren(to.format))
	if isCovered(n) {
		enqueue(all, n) // for a watch of its own
	}
	readStale(all, n)
	v := viewOf(c, all, n, to.format, to.key)
	v.users[l]++
	return &subscription{listener: l, source: c, node: n, view: v}
}

// cancel ends the subscription; a node that nobody subscribes to is forgotten.
func (s *subscription) cancel() {
	if s.tree != nil {
		s.tree.leave(s.user)
		return
	}
	c := cacheOf(s)
	n, v := s.node, s.view
	all := lock(c)
	defer c.mu.Unlock()
	v.users[s.listener]--
	if v.users[s.listener] > 0 {
		return
	}
	delete(v.users, s.listener)
	if len(v.users) > 0 {
		return
	}
	n.views = without(n.views, v)
	forgetUnwanted(all, n)
}

// An observed is what a subscription shows at one time.
type observed struct {
	value   any       // nil where there is none
	loaded  bool      // the node was read
	known   bool      // so it is known; whoever asks may take that away when it is too stale
	stale   time.Time // since when no session vouches for it; zero while one does
	refused bool      // the node's present version can't be used
	tree    *subtree  // in the place of all that, where a path says which node it is
}

// observe is what a subscription shows now.
func observe(s *subscription) *observed {
	c := cacheOf(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.tree != nil {
		return &observed{tree: s.tree, loaded: true, known: true, stale: s.tree.sink.stale}
	}
	if !s.view.loaded {
		return &observed{}
	}
	return &observed{value: s.view.value, loaded: true, known: true, stale: s.node.stale, refused: s.view.refused}
}

// settled tells whether there is nothing to wait for: the node is loaded, or
// the session has been away for longer than patience already.
func (s *subscription) settled(patience time.Duration) bool {
	if s.tree != nil && s.tree.isComplete() || s.tree == nil && s.isLoaded() {
		return true
	}
	return !s.isPending() && cacheOf(s).session.awayFor(patience)
}

// isPending tells whether something is known that is still being read.
func (s *subscription) isPending() bool {
	if s.tree != nil {
		return s.tree.pending.Load() > 0
	}
	c := cacheOf(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.node.content != nil && !s.view.loaded
}

func (s *subscription) isLoaded() bool {
	if s.tree != nil {
		return s.tree.loaded()
	}
	c := cacheOf(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.view.loaded
}
