package serve

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// loopNoteFor is nil for a gate that doesn't redirect.
func loopNoteFor(g *rules.Gate) *atomic.Bool {
	if g.Refusal.Redirect == nil {
		return nil
	}
	return &atomic.Bool{}
}

// redirecting is the answer of a gate that redirects, for one middleware: it knows whose
// gate it is, and whether the log says that it leads back to it.
func redirecting(b *BoundRules, gate int, answer *rules.Refusal) *rules.Refusal {
	own, to := *answer, *answer.Redirect
	to.Noted = b.loops[gate]
	to.Middleware = b.middleware
	own.Redirect = &to
	return &own
}
