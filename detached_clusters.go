package zookeeper

import "time"

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedSettleAfter func(r *clusterRegistry, delay time.Duration)
	detachedLingerFor   func(r *clusterRegistry, p *sharedPool, rest time.Duration)
)

func init() {
	detachedSettleAfter = settleAfter
	detachedLingerFor = lingerFor
}
