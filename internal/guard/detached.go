package guard

import (
	"time"
)

// What lives on after the call that made it is made by functions that are called through
// variables.
//
// Yaegi: such a function has no caller's frame. The closures, timers and goroutines of what
// it makes would keep that frame, as docs/yaegi.md tells. The variable is set in init, since
// the function refers to it.
var detachedRetryAfter func(delay time.Duration, name string, work func())

func init() { detachedRetryAfter = retryAfter }
