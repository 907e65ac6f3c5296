package clusters

import (
	"time"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedDecideAfter func(r *Registry, delay time.Duration)
	detachedLingerFor   func(r *Registry, p *pool, rest time.Duration)
)

func init() {
	detachedDecideAfter = decideAfter
	detachedLingerFor = lingerFor
}
