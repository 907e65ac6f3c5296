//go:build hooks

package model

import (
	"fmt"
	"time"
)

// rest waits until what was cancelled has gone, and sees that the server has the
// watches then that the rules need, and no others, in one session.
func (w *walk) rest() {
	time.Sleep(linger + 200*time.Millisecond)
	if !w.world.reachable() || w.without["watches"] {
		return
	}
	w.look(false)
	if w.wrong != "" || !w.needsAreClear() {
		return
	}
	sessions := 1
	if len(w.proxy.instances) > 0 {
		sessions++
	}
	wrong := "at first sight"
	for deadline := time.Now().Add(w.patience); wrong != ""; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.wrong = wrong
			return
		}
		wrong = w.differs(sessions)
	}
}

// differs tells what the server has otherwise than it is needed.
func (w *walk) differs(sessions int) string {
	connected, err := w.ensemble.server.Sessions()
	w.ensemble.must(err)
	if connected != sessions {
		return fmt.Sprintf("there are %d sessions, with the test's; want %d", connected, sessions)
	}
	watched, err := w.ensemble.watched()
	w.ensemble.must(err)
	needed, possible := w.needed()
	for at := range needed {
		if !watched[at] {
			return fmt.Sprintf("%s isn't watched; only %q are", at, sortedNames(watched))
		}
	}
	for at := range watched {
		if !needed[at] && !possible[at] {
			return fmt.Sprintf("%s is watched; needed are only %q, and perhaps %q", at, sortedNames(needed), sortedNames(possible))
		}
	}
	return ""
}

// needed are the paths on which the rules need a watch: their own, or their
// pattern's recursive one. Those of lists of children the server tells of where
// the node is missing only; they are possible.
func (w *walk) needed() (needed, possible map[string]bool) {
	needed, possible = map[string]bool{}, map[string]bool{}
	for _, inst := range w.proxy.instances {
		for _, r := range inst.rules {
			for _, path := range r.paths() {
				switch {
				case isPattern(path):
					needed[root(path)] = true
				case r.format == "children":
					possible[path] = true
				default:
					needed[path] = true
				}
				if isPattern(path) && r.format == "children" {
					levels := w.world.tree.meant(path)
					for _, at := range levels[len(levels)-1] {
						possible[at] = true
					}
				}
			}
		}
	}
	return needed, possible
}

// needsAreClear tells whether no limit and no right decides which watches there are.
func (w *walk) needsAreClear() bool {
	for _, inst := range w.proxy.instances {
		for _, r := range inst.rules {
			for _, path := range r.paths() {
				if isPattern(path) && w.world.tree.most(path) >= r.limit() {
					return false
				}
			}
		}
	}
	return len(w.world.tainted) == 0
}
