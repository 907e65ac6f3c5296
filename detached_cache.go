package zookeeper

import "time"

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedCache        func(s *session) *cache
	detachedSubtree      func(c *cache, to *target) *subtree
	detachedRecheckAfter func(c *cache, all *nodes, delay time.Duration, which int)
)

func init() {
	detachedCache = makeCache
	detachedSubtree = newSubtree
	detachedRecheckAfter = recheckAfter
}
