package serve

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A decision that goes by a few texts of the request is kept for the requests that have the
// same ones, as long as the snapshot is in force.

// rawOf is what all decisions of a snapshot are taken from; nil where they can't be kept: where
// they depend on the time, on a bypass, on nodes that each request means, or on what a header
// has already.
func rawOf(s *snapshot) *request.Raw {
	d, raw := s.decider, &request.Raw{}
	if len(d.cookies) > 0 {
		return nil
	}
	var all []*evaluator
	for _, g := range d.gates {
		if g.bypass != nil {
			return nil
		}
		all = append(all, g.evaluator)
	}
	for _, h := range d.headers {
		if h.evaluator == nil || !isWorkedOutBefore(h.rule) {
			return nil
		}
		all = append(all, h.evaluator)
	}
	for _, e := range all {
		own := rawOfFlag(e, d)
		if own == nil || d.isAging(e) {
			return nil
		}
		raw = raw.Join(own)
	}
	return raw
}

// rawOfFlag is what a flag's decisions are taken from; nil where they can't be kept.
func rawOfFlag(e *evaluator, d *decider) *request.Raw {
	p := e.prepared
	if p == nil || p.needsWholeContext || p.set != nil && p.set.DependsOnTime(e.key) {
		return nil
	}
	if p.constant != nil {
		return &request.Raw{}
	}
	raw, isSimple := request.RawOf(p.attributes, d.managed)
	if !isSimple {
		return nil
	}
	return raw
}

// memoized serves what is kept, and leaves the rest to a handler that decides.
func memoized(keeper *outcomeKeeper, raw *request.Raw) http.HandlerFunc {
	isOn, outcomes := &keeper.kept.IsOn, &keeper.kept.Outcomes
	decides, next, s := keeper.decides, keeper.next, keeper.snapshot
	return func(w http.ResponseWriter, r *http.Request) {
		if !isOn.Load() {
			decides(w, r)
			return
		}
		key, isWhole := request.KeyFrom(raw, r)
		if !isWhole {
			decides(w, r)
			return
		}
		known, isKept := outcomes.Load(key)
		if isKept {
			serveOutcome(known.(*memo.Outcome), next, s, w, r)
		} else if !keep(keeper, key, w, r) {
			decides(w, r)
		}
	}
}

// An outcomeKeeper is what keeps outcomes, and the service that it stands in front of.
type outcomeKeeper struct {
	kept     *memo.Memo
	decides  http.HandlerFunc
	next     http.Handler
	snapshot *snapshot
}

// memoizedByHeader is memoized for decisions that are taken from one header.
//
// Yaegi: a call takes as long as most of this, so decideBefore is written out.
func memoizedByHeader(keeper *outcomeKeeper, name string) http.HandlerFunc {
	isOn, outcomes := &keeper.kept.IsOn, &keeper.kept.Outcomes
	next, s, d := keeper.next, keeper.snapshot, keeper.snapshot.decider
	setsSame := len(s.names)+len(s.removed) > 0
	return func(w http.ResponseWriter, r *http.Request) {
		if isOn.Load() {
			lines := r.Header[name]
			if len(lines) == 1 {
				known, isKept := outcomes.Load(lines[0])
				if isKept {
					o := known.(*memo.Outcome)
					if o.IsPlain {
						next.ServeHTTP(w, r)
					} else {
						serveOutcome(o, next, s, w, r)
					}
					return
				}
			}
			if served(keeper, lines, w, r) {
				return
			}
		}
		if !decide(d, w, r, nil) {
			return
		}
		if setsSame {
			setSame(s, r.Header)
		}
		next.ServeHTTP(w, r)
	}
}

// served tells whether a request with these lines is served by what is kept. No line counts as
// an empty one.
func served(keeper *outcomeKeeper, lines []string, w http.ResponseWriter, r *http.Request) bool {
	switch len(lines) {
	case 1:
		return keep(keeper, lines[0], w, r)
	case 0:
		known, isKept := keeper.kept.Outcomes.Load("")
		if isKept {
			serveOutcome(known.(*memo.Outcome), keeper.next, keeper.snapshot, w, r)
			return true
		}
		return keep(keeper, "", w, r)
	}
	return false
}

// keep tells whether the outcome for a key is to be kept from now on. Then the request is
// served by it.
func keep(keeper *outcomeKeeper, key string, w http.ResponseWriter, r *http.Request) bool {
	if !memo.Wants(keeper.kept, key) {
		return false
	}
	o := outcomeFor(keeper.snapshot, &request.Reader{Request: r, Managed: keeper.snapshot.decider.managed})
	keeper.kept.Keep(key, o)
	serveOutcome(o, keeper.next, keeper.snapshot, w, r)
	return true
}

// serveOutcome does what was decided.
func serveOutcome(o *memo.Outcome, next http.Handler, s *snapshot, w http.ResponseWriter, r *http.Request) {
	for _, cell := range o.Cells {
		atomic.AddInt64(cell, 1)
	}
	if s.decider.rules.DecisionHeader != "" {
		request.NoteDecisions(r, s.decider.rules.DecisionHeader, o.Decisions)
	}
	if o.Refusal != nil {
		answer.Refuse(w, r, o.Refusal)
		return
	}
	for _, name := range o.Removed {
		delete(r.Header, name)
	}
	for i, name := range o.Names {
		r.Header[name] = o.Values[i]
	}
	if s.response == nil && o.Response == nil {
		next.ServeHTTP(w, r)
	} else {
		answer.Serve(next, w, r, s.response, o.Response)
	}
}

// outcomeFor decides about a request, and does nothing with it. It comes to the same as decide.
func outcomeFor(s *snapshot, reader *request.Reader) *memo.Outcome {
	o, d := &memo.Outcome{}, s.decider
	var notes []string
	for _, g := range d.gates {
		ev := evaluateFor(g.evaluator, reader, g.evaluator.prepared)
		decision := decisionOf(g, ev, reader.Request)
		notes = append(notes, noteOf(decision, g.gate.Label, ev, g.evaluator.prepared.stale))
		if g.counters != nil {
			o.Cells = append(o.Cells, counters.CellsOf(g.counters, decision, ev)...)
		}
		if decision == counters.Block {
			o.Refusal = g.refusal
			break
		}
	}
	for _, h := range d.headers {
		ev := evaluateFor(h.evaluator, reader, h.evaluator.prepared)
		if o.Refusal == nil {
			notes = append(notes, noteOf(decidedSet, h.rule.Label, ev, h.evaluator.prepared.stale))
		}
		if o.Refusal == nil && h.counters != nil {
			o.Cells = append(o.Cells, counters.CellOf(h.counters, ev.Variant))
		}
		addToOutcome(o, h.rule, ev)
	}
	if o.Refusal != nil && o.Response != nil {
		o.Refusal = o.Refusal.Beside(answer.Values(o.Response))
	}
	o.Decisions = strings.Join(notes, ", ")
	o.Removed = append(o.Removed, s.removed...)
	o.Names = append(o.Names, s.names...)
	o.Values = append(o.Values, s.values...)
	o.IsPlain = o.Refusal == nil && len(o.Names)+len(o.Removed)+len(o.Cells) == 0 && o.Response == nil && s.response == nil && d.rules.DecisionHeader == ""
	return o
}

// addToOutcome adds the header of a rule.
func addToOutcome(o *memo.Outcome, rule *rules.Header, ev *flag.Evaluation) {
	text := flagText(rule, ev)
	switch {
	case rule.Response:
		if o.Response == nil {
			o.Response = &answer.Headers{}
		}
		answer.Add(o.Response, rule, text)
	case text == "":
		o.Removed = append(o.Removed, rule.Name)
	default:
		o.Names = append(o.Names, rule.Name)
		o.Values = append(o.Values, []string{text})
	}
}
