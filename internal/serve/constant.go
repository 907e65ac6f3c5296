package serve

import (
	"net/http"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// What no request makes a difference to is decided with the snapshot, once for all.

// isConstant tells whether all gates decide the same about all requests; and with a decision
// header, whether all flags of headers do, so that it always says the same.
func (d *decider) isConstant() bool {
	for _, g := range d.gates {
		if g.dependsOnRequest() || d.isAging(g.evaluator) {
			return false
		}
	}
	if d.rules.DecisionHeader == "" {
		return true
	}
	for _, h := range d.headers {
		if h.evaluator == nil || h.evaluator.constant() == nil || d.isAging(h.evaluator) || !isWorkedOutBefore(h.rule) {
			return false
		}
	}
	return true
}

// isAging tells whether the decision header has an age for a flag that grows. Another
// snapshot is taken when there is a session again.
func (d *decider) isAging(e *evaluator) bool {
	return d.rules.DecisionHeader != "" && !e.prepared.stale.IsZero()
}

// decideForAll takes the decisions that are the same for all requests.
func decideForAll(s *snapshot, d *decider) {
	var notes []string
	for _, state := range s.gates {
		constant := state.evaluator.constant()
		decision := decisionOf(state, constant, nil)
		notes = append(notes, noteOf(decision, state.gate.Label, constant, state.evaluator.prepared.stale))
		if decision == counters.Block && d.setsResponse() {
			s.cells = nil
			return // the answer is the same for all, but for its headers
		}
		if state.counters != nil {
			s.cells = append(s.cells, counters.CellsOf(state.counters, decision, constant)...)
		}
		if decision == counters.Block {
			s.refusal = state.refusal
			if d.rules.DecisionHeader != "" {
				s.refusal = s.refusal.Deciding(d.rules.DecisionHeader, strings.Join(notes, ", "))
			}
			break
		}
	}
	d.gates = nil
	if d.rules.DecisionHeader != "" && s.refusal == nil {
		s.decisions = strings.Join(append(notes, setFlags(s, d)...), ", ")
	}
}

// setFlags has the headers by flags set for all requests, and returns what the decision
// header says of them.
func setFlags(s *snapshot, d *decider) []string {
	var notes []string
	for _, h := range d.headers {
		constant := h.evaluator.constant()
		setHeader(s, h.rule, flagText(h.rule, constant))
		notes = append(notes, noteOf(decidedSet, h.rule.Label, constant, h.evaluator.prepared.stale))
		if h.counters != nil {
			s.passed = append(s.passed, counters.CellOf(h.counters, constant.Variant))
		}
	}
	d.headers = nil
	return notes
}

// noteDecisionsBefore puts decisions into the decision header that are the same for all
// requests.
func noteDecisionsBefore(handler http.HandlerFunc, name, decisions string) http.HandlerFunc {
	if decisions == "" {
		return func(w http.ResponseWriter, r *http.Request) {
			request.NoteDecisions(r, name, "")
			handler(w, r)
		}
	}
	lines := []string{decisions}
	first := request.FirstDecisions(name, decisions)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Response != nil {
			request.NoteDecisions(r, name, decisions)
		} else {
			r.Header[name] = lines
			r.Response = first
		}
		handler(w, r)
	}
}
