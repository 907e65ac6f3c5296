package serve

import (
	"net/http"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedHandler func(to *Builder, next http.Handler) http.HandlerFunc
	detachedDecides func(next http.Handler, s *snapshot) http.HandlerFunc
	detachedKept    func(to *Builder, o *outcomes, pages map[string]http.Handler) http.HandlerFunc
	detachedOutcome func(outcome *snapshot, decisionHeader string, next http.Handler) http.Handler
)

func init() {
	detachedHandler = buildHandler
	detachedDecides = decideBefore
	detachedKept = keptBefore
	detachedOutcome = outcomeHandler
}
