package cache

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
)

// What headers say of a subtree's nodes may be read in place, too, for those nodes that requests
// ask for: the lines stand where requests read them, and are replaced when a node changes.

// A line is what one user of a subtree reads in place for one of its nodes.
type line struct {
	current *atomic.Value       // of a *[]string
	render  func(*Entry) string // the text for a node; empty where requests have to work it out
	drop    func()              // is called when they have to from now on
}

// mostLines is how many lines a user may have. Then it begins anew.
const mostLines = 4096

// A Reading says how a subscription's user makes header lines of nodes. Its functions are called
// with the subtree's lock, and call nothing of it.
type Reading struct {
	Render func(*Entry) string // the line for a node, or nil for one that isn't there; empty for none
	Drop   func()              // is called when a node that is read in place gives no line any more
}

// ReadInPlace has the line for a path's node stand where requests read it, until the
// subscription ends or Drop is called. It is nil where there is none, and where somebody works on
// the subtree: it is called for requests, which wait for nobody.
func ReadInPlace(s *Subscription, path string, how *Reading) *atomic.Value {
	tree := s.tree
	if !tree.mu.TryLock() {
		return nil
	}
	defer tree.mu.Unlock()
	full := string(tree.cache.store.Session.Chroot) + path
	text := how.Render(entryAt(tree, full))
	if text == "" || s.user.hasLeft {
		return nil
	}
	known := tree.lines[full][s.user]
	if known != nil {
		return known.current
	}
	if len(s.user.lines) == mostLines {
		dropLines(tree, s.user)
		how.Drop()
		return nil
	}
	return addLine(tree, s.user, full, &line{current: &atomic.Value{}, render: how.Render, drop: how.Drop}, text)
}

// addLine has a user read a line in place. The caller has the tree's lock.
func addLine(tree *Subtree, user *subtreeUser, full string, l *line, text string) *atomic.Value {
	l.current.Store(published.Line(text))
	if tree.lines[full] == nil {
		tree.lines[full] = map[*subtreeUser]*line{}
	}
	if user.lines == nil {
		user.lines = map[string]bool{}
	}
	tree.lines[full][user] = l
	user.lines[full] = true
	return l.current
}

// EndReadingInPlace ends all that ReadInPlace began for a subscription. It returns false where it
// didn't, since somebody works on the subtree.
func EndReadingInPlace(s *Subscription) bool {
	if !s.tree.mu.TryLock() {
		return false
	}
	defer s.tree.mu.Unlock()
	dropLines(s.tree, s.user)
	return true
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

// replaceLines replaces what is read in place for a node. A line that the node doesn't give any
// more ends, and its user begins anew with the others, which stay ready. The caller has the tree's
// lock.
func replaceLines(tree *Subtree, full string, e *Entry) {
	for user, l := range tree.lines[full] {
		text := l.render(e)
		if text != "" {
			l.current.Store(published.Line(text))
		} else {
			dropLine(tree, user, full)
			delete(user.lines, full)
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
	for full := range user.lines {
		dropLine(tree, user, full)
	}
	user.lines = nil
}

func dropLine(tree *Subtree, user *subtreeUser, full string) {
	delete(tree.lines[full], user)
	if len(tree.lines[full]) == 0 {
		delete(tree.lines, full)
	}
}
