package cache

import (
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Subscription has a listener told of what one path means: a node, or for a pattern a
// subtree. Its functions and methods may be called from any goroutine.
type Subscription struct {
	cluster string
	node    *store.NodeUse
	tree    *Subtree // in the place of node
	user    *subtreeUser
	lines   *atomic.Value // of a node whose text is read in place; nil otherwise
}

// A Target is what a subscription is for: the node at a path, or the nodes that a pattern
// means, read in one way.
type Target struct {
	Path    string
	Pattern *value.Pattern // in the place of the path; nil for none
	Format  string
	Key     string
	InPlace bool // the node's text is read where LinesOf says
	// Noted gets the path, without the chroot, of each node of a pattern that has changed or is
	// gone; nil for none. A subtree's lock is held, so it must not block, nor ask the cache.
	Noted func(path string)
}

// Subscribe has a listener told of changes until the subscription is cancelled. What nobody
// has subscribed to yet is read and watched.
func Subscribe(c *Cache, l *session.Listener, to *Target) *Subscription {
	s := &Subscription{cluster: c.store.Name}
	if to.Pattern != nil {
		s.tree, s.user = subscribeTree(c, l, to)
	} else {
		s.node = store.UseNode(c.store, l, &store.Interest{Path: to.Path, Format: to.Format, Key: to.Key})
		if to.InPlace {
			s.lines = store.ReadInPlace(s.node)
		}
	}
	return s
}

// LinesOf are the lines of a header that has a node's text, where it is read in place: a
// *[]string, as package published has it; nil for others. They count while the node has a text,
// and of a text that follows a text nobody is told.
func LinesOf(s *Subscription) *atomic.Value { return s.lines }

// Cancel ends the subscription. What nobody subscribes to is forgotten.
func (s *Subscription) Cancel() {
	if s.tree != nil {
		leave(s.tree, s.user)
	} else {
		s.node.End()
	}
}

// An Observed is what a subscription shows at one time.
type Observed struct {
	Value   any       // nil where there is none
	Loaded  bool      // the node was read
	Known   bool      // at first as Loaded; whoever asks may set it to false when the value is too stale
	Stale   time.Time // since when no session tells of changes; zero while one does
	Refused bool      // the node's present version can't be used
	Path    string    // of the node in the cluster, without the chroot; set by whoever has asked
	Tree    *Subtree  // for a pattern: EntryFor says what is known of a path's node; nil for a single node
}

// CurrentOf is what a subscription shows now. The caller may change it.
func CurrentOf(s *Subscription) *Observed {
	if s.tree != nil {
		return &Observed{Tree: s.tree, Loaded: true, Known: true, Stale: store.StaleSince(s.tree.cache.store, s.tree.sink)}
	}
	now := store.StateOf(s.node)
	if !now.Loaded {
		return &Observed{}
	}
	return &Observed{Value: now.Value, Loaded: true, Known: true, Stale: now.Stale, Refused: now.Refused}
}

// A NodeState is what a subscription to a single node shows at one time.
type NodeState = store.NodeState

// StateOf is what a subscription to a single node shows now.
func StateOf(s *Subscription) NodeState { return store.StateOf(s.node) }

// IsSettled tells whether there is nothing to wait for: the node is loaded, or there has been
// no session for longer than patience, and nothing is known.
//
// Yaegi: it is a function, as all that a reload calls for each router are, since a method costs
// as much as four of them.
func IsSettled(s *Subscription, patience time.Duration) bool {
	if s.tree != nil {
		return isComplete(s.tree) || !s.IsPending() && s.tree.cache.store.Session.IsDownFor(patience)
	}
	return store.IsSettled(s.node, patience)
}

// IsPending tells whether a content is known that is still to be made into a value.
func (s *Subscription) IsPending() bool {
	if s.tree != nil {
		return s.tree.pending.Load() > 0
	}
	return s.node.IsPending()
}

// IsLoaded tells whether the node was read, or all nodes that a subtree found at first.
func (s *Subscription) IsLoaded() bool {
	if s.tree != nil {
		return s.tree.Loaded()
	}
	return store.StateOf(s.node).Loaded
}

// ClusterOf is the name of the cluster that a subscription reads from.
func ClusterOf(s *Subscription) string { return s.cluster }
