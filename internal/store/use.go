package store

import (
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A NodeUse is a listener's use of one node, read in one way.
type NodeUse struct {
	listener *session.Listener
	store    any // the *Store
	node     *node
	view     *view
	inPlace  bool // the text is read in place
}

// storeOf is the store that a use is of.
//
// Yaegi: a type without a name is a text, which has in it those of all types that it
// refers to. A store's would be in that of an instance eight times, and an instance's
// in that of the registry five times, up to a megabyte.
func storeOf(use *NodeUse) *Store { return use.store.(*Store) }

// An Interest is a node, and the way in which somebody reads it.
type Interest struct {
	Path   string // without the chroot
	Format string
	Key    string // within the node's content; empty for all of it
}

// UseNode has a listener told of a node's changes, until the use ends. A node that nobody has
// used yet is read and watched.
func UseNode(st *Store, l *session.Listener, wanted *Interest) *NodeUse {
	all := lock(st)
	defer st.mu.Unlock()
	n := nodeAt(all, st.Session.Chroot.Full(wanted.Path), value.ListsChildren(wanted.Format))
	if isCovered(n) {
		enqueue(all, n) // for a watch of its own
	}
	rereadIfStale(all, n)
	v := viewOf(st, all, n, wanted.Format, wanted.Key)
	v.users[l]++
	v.text.Use()
	return &NodeUse{listener: l, store: st, node: n, view: v}
}

// ReadInPlace has a use of a node's text read in place from now on. It returns the lines, a
// *[]string, as package published has them.
func ReadInPlace(use *NodeUse) *atomic.Value {
	st := storeOf(use)
	st.mu.Lock()
	defer st.mu.Unlock()
	use.inPlace = true
	return use.view.text.ReadInPlace(use.view.value)
}

// End ends the use. A node that nobody uses is forgotten.
func (use *NodeUse) End() {
	st := storeOf(use)
	n, v := use.node, use.view
	all := lock(st)
	defer st.mu.Unlock()
	v.users[use.listener]--
	v.text.End(use.inPlace)
	if v.users[use.listener] > 0 {
		return
	}
	delete(v.users, use.listener)
	if len(v.users) > 0 {
		return
	}
	n.views = lists.Without(n.views, v)
	forgetUnwanted(all, n)
}

// IsPending tells whether a content is known that is still to be made into a value. The
// listener is told when it is.
func (use *NodeUse) IsPending() bool {
	st := storeOf(use)
	st.mu.Lock()
	defer st.mu.Unlock()
	return use.node.content != nil && !use.view.loaded
}

// IsSettled tells whether there is nothing to wait for: the node was read, or nothing is
// known of it and there has been no session for longer than patience.
func IsSettled(use *NodeUse, patience time.Duration) bool {
	st := storeOf(use)
	st.mu.Lock()
	defer st.mu.Unlock()
	if use.view.loaded || use.node.content != nil {
		return use.view.loaded
	}
	since := st.nodes.session.DownSince
	return !since.IsZero() && time.Since(since) >= patience
}

// A NodeState is what a use shows at one time.
type NodeState struct {
	Value   any            // nil where there is none
	Loaded  bool           // the node was read
	Stale   time.Time      // since when no session tells of changes; zero while one does
	Refused bool           // the node's present version can't be used
	Content *value.Content // that was read last; nil for none
	Problem string         // why the node can't be read, or its present version not be used
}

// StateOf is what a use shows now.
func StateOf(use *NodeUse) NodeState {
	st := use.store.(*Store)
	st.mu.Lock()
	defer st.mu.Unlock()
	return NodeState{Value: use.view.value, Loaded: use.view.loaded, Stale: use.node.stale, Refused: use.view.refused, Content: use.view.content, Problem: use.node.problem}
}
