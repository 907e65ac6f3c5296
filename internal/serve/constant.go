package serve

import (
	"net/http"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// What no request makes a difference to is decided with the snapshot, once for all. What a
// request makes a difference to only by a few texts is decided once for all that have them.

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

// noAge is in the notes of what is decided for several requests: where an age is wanted, nothing is.
var noAge time.Time

// decideForAll takes the decisions where they are the same for all requests.
func decideForAll(s *snapshot, d *decider) {
	if !d.isConstant() {
		return
	}
	v := verdictOf(d.gates, nil)
	if v.refusal != nil && d.setsResponse() {
		return // the answer is the same for all, but for its headers
	}
	d.gates = nil
	s.cells = v.cells
	switch {
	case v.refusal != nil:
		s.refusal = refusalWithNotes(v.refusal, d.rules.DecisionHeader, v.notes)
	case d.rules.DecisionHeader != "":
		set := setByFlags(s, d.headers, nil)
		d.headers = nil
		s.passed = append(s.passed, set.cells...)
		s.decisions = strings.Join(append(v.notes, set.notes...), ", ")
	}
}

// decidedFor is the snapshot of all requests that the decider takes for the same as this one.
// The second result is what makes it differ from other such snapshots. It is nil where not even
// those get the same.
func decidedFor(s *snapshot, reader *request.Reader) (*snapshot, string) {
	d := s.decider
	v := verdictOf(d.gates, reader)
	if v.asksFor {
		return nil, ""
	}
	o := &snapshot{cells: v.cells}
	if v.refusal != nil {
		late := &snapshot{}
		set := setByFlags(late, responseHeaders(d.headers), reader)
		o.cells = append(o.cells, set.cells...)
		o.refusal = refusalWithNotes(v.refusal.Beside(answer.Values(late.response)), d.rules.DecisionHeader, v.notes)
		return o, strings.Join(append(v.notes, set.texts...), "\n")
	}
	o.names = append(o.names, s.names...)
	o.values = append(o.values, s.values...)
	o.removed = append(o.removed, s.removed...)
	o.tabled = s.tabled
	o.response = s.response.Copy()
	set := setByFlags(o, d.headers, reader)
	o.cells = append(append(o.cells, s.passed...), set.cells...)
	notes := append(v.notes, set.notes...)
	if d.rules.DecisionHeader != "" {
		o.decisions = strings.Join(notes, ", ")
	}
	return o, strings.Join(append(notes, set.texts...), "\n")
}

// refusalWithNotes is a refusal with what the decision header says, where there is one.
func refusalWithNotes(refusal *rules.Refusal, header string, notes []string) *rules.Refusal {
	if header == "" {
		return refusal
	}
	return refusal.Deciding(header, strings.Join(notes, ", "))
}

// A verdict is what gates decide about a request, or about all of them alike.
type verdict struct {
	refusal *rules.Refusal // of the first gate that blocks; nil where none does
	notes   []string       // for the decision header
	cells   []*int64       // counters of the decisions
	asksFor bool           // of a closed gate's bypass, more of the request than a flag would
}

// verdictOf decides, and counts nothing. The reader is nil where no request makes a difference.
func verdictOf(gates []*gateState, reader *request.Reader) *verdict {
	v := &verdict{}
	for _, g := range gates {
		ev := evaluateFor(g.evaluator, reader, g.evaluator.prepared)
		if g.bypass != nil && isClosedBy(g.gate, ev) {
			v.asksFor = true
			return v
		}
		decision := decisionOf(g, ev, nil)
		v.notes = append(v.notes, noteOf(decision, g.gate.Label, ev, noAge))
		if g.counters != nil {
			v.cells = append(v.cells, counters.CellOf(g.counters, decision, ev))
		}
		if decision == counters.Block {
			v.refusal = g.refusal
			return v
		}
	}
	return v
}

// A setting is what flags have set.
type setting struct {
	notes []string // for the decision header
	texts []string // the values
	cells []*int64 // counters of the variants
}

// setByFlags has the headers by flags set for all requests that a snapshot is for. The reader
// is nil where no request makes a difference.
func setByFlags(s *snapshot, headers []*lateHeader, reader *request.Reader) *setting {
	set := &setting{}
	for _, h := range headers {
		ev := evaluateFor(h.evaluator, reader, h.evaluator.prepared)
		text := lookup.FlagText(h.rule, ev)
		ev = fitting(h.rule, h.evaluator, h.evaluator.prepared, ev, text)
		setHeader(s, h.rule, text)
		set.texts = append(set.texts, text)
		set.notes = append(set.notes, noteOf(decidedSet, h.rule.Label, ev, noAge))
		if h.counters != nil {
			set.cells = append(set.cells, counters.CellOfVariant(h.counters, ev.Variant))
		}
	}
	return set
}

// responseHeaders are those that are headers of the response.
func responseHeaders(all []*lateHeader) []*lateHeader {
	var some []*lateHeader
	for _, h := range all {
		if h.rule.Response {
			some = append(some, h)
		}
	}
	return some
}

// noteDecisionsBefore puts decisions into the decision header that are the same for all
// requests.
func noteDecisionsBefore(next http.Handler, u *uniform) http.HandlerFunc {
	name, alias, decisions := u.decisionHeader, u.alias, u.decisions
	if decisions == "" {
		return func(w http.ResponseWriter, r *http.Request) {
			request.NoteDecisions(r, name, "")
			delete(r.Header, alias)
			next.ServeHTTP(w, r)
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
		delete(r.Header, alias)
		next.ServeHTTP(w, r)
	}
}
