package serve

import (
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
