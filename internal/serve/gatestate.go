package serve

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A gateState is a gate as a snapshot has it.
type gateState struct {
	gate      *rules.Gate
	evaluator *evaluator
	refusal   *rules.Refusal
	bypass    *rules.Bypass  // nil where nobody gets by
	counters  *counters.Flag // nil where nobody counts
}

// isClosedBy tells whether a gate is closed by what its flag says.
func isClosedBy(g *rules.Gate, ev *flag.Evaluation) bool {
	on, isBool := ev.Value.(bool)
	return !isBool || on == g.BlockWhen
}

// dependsOnRequest tells whether the request makes a difference.
func (g *gateState) dependsOnRequest() bool {
	constant := g.evaluator.constant()
	if constant == nil {
		return true
	}
	return g.bypass != nil && (g.bypass.Cookie != nil || isClosedBy(g.gate, constant))
}

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
