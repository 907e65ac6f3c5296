package cache

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
)

// What headers say of a subtree's nodes may be read in place, too, for those nodes that requests
// ask for: the lines stand where requests read them, and are replaced when a node changes.

// A line is what one user of a subtree reads in place for one of its nodes.
type line struct {
	user    *subtreeUser
	current *atomic.Value       // of a *[]string
	render  func(*Entry) string // the text for a node; empty where requests have to work it out
	drop    func()              // is called when they have to from now on
}

// A Reading says how a subscription's user makes header lines of nodes. Its functions are called
// with the subtree's lock, and call nothing of it.
type Reading struct {
	Render func(*Entry) string // the line for a node, or nil for one that isn't there; empty for none
	Drop   func()              // is called when a node that is read in place gives no line any more
}

// ReadInPlace has the line for a path's node stand where requests read it, until the
// subscription ends or Drop is called. It is nil where there is none.
func ReadInPlace(s *Subscription, path string, how *Reading) *atomic.Value {
	tree := s.tree
	tree.mu.Lock()
	defer tree.mu.Unlock()
	full := string(tree.cache.store.Session.Chroot) + path
	text := how.Render(entryAt(tree, full))
	if text == "" || s.user.hasLeft {
		return nil
	}
	for _, known := range tree.lines[full] {
		if known.user == s.user {
			return known.current
		}
	}
	l := &line{user: s.user, current: &atomic.Value{}, render: how.Render, drop: how.Drop}
	l.current.Store(published.Line(text))
	tree.lines[full] = append(tree.lines[full], l)
	return l.current
}

// EndReadingInPlace ends all that ReadInPlace began for a subscription.
func EndReadingInPlace(s *Subscription) {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	dropLines(s.tree, s.user)
}

// setEntry notes what is known of a node; nil where it isn't there any more. The caller has the
// tree's lock.
func setEntry(tree *Subtree, full string, e *Entry) {
	if e != nil {
		tree.values.Store(full, e)
	} else {
		tree.values.Delete(full)
	}
	if tree.lines[full] != nil {
		replaceLines(tree, full, e)
	}
}

// replaceLines replaces what is read in place for a node. The caller has the tree's lock.
func replaceLines(tree *Subtree, full string, e *Entry) {
	all := tree.lines[full] // which dropLines replaces
	for _, l := range all {
		text := l.render(e)
		if text != "" {
			l.current.Store(published.Line(text))
		} else {
			dropLines(tree, l.user)
			l.drop()
		}
	}
}

// leaveLines ends all that a user reads in place who leaves the subtree.
func leaveLines(tree *Subtree, user *subtreeUser) {
	tree.mu.Lock()
	defer tree.mu.Unlock()
	user.hasLeft = true
	dropLines(tree, user)
}

// dropLines ends all that a user reads in place. The caller has the tree's lock.
func dropLines(tree *Subtree, user *subtreeUser) {
	for full, all := range tree.lines {
		var rest []*line
		for _, l := range all {
			if l.user != user {
				rest = append(rest, l)
			}
		}
		if len(rest) > 0 {
			tree.lines[full] = rest
		} else {
			delete(tree.lines, full)
		}
	}
}
