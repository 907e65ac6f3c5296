package zookeeper

import "github.com/mod-zookeeper/traefik-zookeeper/flag"

// A gateState is a gate as a snapshot has it.
type gateState struct {
	gate      *compiledGate
	evaluator *evaluator
	refusal   *refusal
	counters  *decisionCounters // nil where nobody counts
}

// closes tells whether a gate is closed by what its flag says.
func closes(g *compiledGate, ev *flag.Evaluation) bool {
	on, isBool := ev.Value.(bool)
	return !isBool || on == g.blockWhen
}

// depends tells whether the request makes a difference.
func (g *gateState) depends() bool {
	fixed := g.evaluator.fixed()
	if fixed == nil {
		return true
	}
	b := g.gate.bypass
	return b != nil && (b.cookie != nil || closes(g.gate, fixed))
}
