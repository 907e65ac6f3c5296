package serve

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/flagcheck"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A decider decides about requests where the request makes a difference.
type decider struct {
	rules   *rules.Rules
	gates   []*gateState
	headers []*lateHeader
	cookies []string          // secrets, which no service gets to see
	managed map[string]string // headers as flags see them
}

// A lateHeader is a header rule that is applied to each request by itself. Its value
// depends on a flag, on placeholders in a path, or on what the header has already.
type lateHeader struct {
	rule      *rules.Header
	no        int            // of the rule, where it has no flag
	evaluator *evaluator     // of a flag; nil for others
	counters  *counters.Flag // of the flag's variants; nil where nobody counts
	finder    *lookup.Finder // of other values; nil for a flag
}

// decidedSet is what a flag decides about a header. What gates decide is in package counters.
const decidedSet = "set"

// addFlag adds a header whose value is a flag's. Where the request makes no difference,
// the header is a part of the snapshot. The counters are nil where nobody counts.
func (d *decider) addFlag(s *snapshot, rule *rules.Header, e *evaluator, counting *counters.Flag) {
	constant := e.constant()
	if constant == nil || d.rules.DecisionHeader != "" || !isWorkedOutBefore(rule) {
		d.headers = append(d.headers, &lateHeader{rule: rule, evaluator: e, counters: counting})
		return
	}
	text := lookup.FlagText(rule, constant)
	setHeader(s, rule, text)
	if counting != nil {
		s.passed = append(s.passed, counters.CellOfVariant(counting, fitting(rule, e, e.prepared, constant, text).Variant))
	}
}

// setsResponse tells whether a header of the response depends on the request.
func (d *decider) setsResponse() bool {
	for _, h := range d.headers {
		if h.rule.Response {
			return true
		}
	}
	return false
}

// decide tells whether the request goes on. Where it doesn't, the request is answered. What
// it wants of the headers of the response is added to late, which is nil where no rule is
// about one.
//
// Yaegi: a method costs as much as four functions, and each variable of a function
// costs every call of it, used or not. So these are functions, and what most requests
// don't need has functions of its own.
func decide(d *decider, w http.ResponseWriter, r *http.Request, late *answer.Headers) bool {
	reader := &request.Reader{Request: r, Managed: d.managed}
	if d.rules.DecisionHeader != "" {
		return decideAndNote(d, reader, w, late)
	}
	for _, g := range d.gates {
		if blocks(g, reader) {
			refuseLate(d, reader, w, g.refusal, late)
			return false
		}
	}
	if len(d.headers)+len(d.cookies) > 0 {
		applyLateHeaders(d, reader, late)
	}
	return true
}

// blocks tells whether a gate keeps a request from going on.
func blocks(g *gateState, reader *request.Reader) bool {
	ev := evaluateFor(g.evaluator, reader, flagFor(g.evaluator, reader))
	decision := decisionOf(g, ev, reader.Request)
	if g.counters != nil {
		counters.Count(g.counters, decision, ev)
	}
	return decision == counters.Block
}

// refuseLate is refuse with the headers of the response that depend on the request.
func refuseLate(d *decider, reader *request.Reader, w http.ResponseWriter, refusal *rules.Refusal, late *answer.Headers) {
	if late != nil {
		for _, h := range d.headers {
			if h.rule.Response {
				answer.Add(late, h.rule, lateText(h, reader))
			}
		}
		refusal = refusal.Beside(answer.Values(late))
	}
	answer.Refuse(w, reader.Request, refusal)
}

// applyLateHeaders applies the header rules that depend on the request, and then takes
// secrets out of its cookies.
func applyLateHeaders(d *decider, reader *request.Reader, late *answer.Headers) {
	for _, h := range d.headers {
		applyLate(h.rule, reader.Request, lateText(h, reader), late)
	}
	for _, name := range d.cookies {
		request.RemoveCookie(reader.Request, name)
	}
}

// decideAndNote is decide that also records what it decides in the decision header.
func decideAndNote(d *decider, reader *request.Reader, w http.ResponseWriter, late *answer.Headers) bool {
	var notes []string
	for _, g := range d.gates {
		p := flagFor(g.evaluator, reader)
		ev := evaluateFor(g.evaluator, reader, p)
		decision := decisionOf(g, ev, reader.Request)
		if g.counters != nil {
			counters.Count(g.counters, decision, ev)
		}
		notes = append(notes, noteOf(decision, g.gate.Label, ev, p.stale))
		if decision == counters.Block {
			d.record(reader.Request, notes)
			refuseLate(d, reader, w, g.refusal, late)
			return false
		}
	}
	for _, h := range d.headers {
		if h.evaluator == nil {
			applyLate(h.rule, reader.Request, lateText(h, reader), late)
			continue
		}
		p := flagFor(h.evaluator, reader)
		ev := evaluateFor(h.evaluator, reader, p)
		text := lookup.FlagText(h.rule, ev)
		ev = fitting(h.rule, h.evaluator, p, ev, text)
		if h.counters != nil {
			counters.CountVariant(h.counters, ev.Variant)
		}
		applyLate(h.rule, reader.Request, text, late)
		notes = append(notes, noteOf(decidedSet, h.rule.Label, ev, p.stale))
	}
	for _, name := range d.cookies {
		request.RemoveCookie(reader.Request, name)
	}
	d.record(reader.Request, notes)
	return true
}

// decisionOf is a gate's decision. It looks at the request only where the gate is closed
// and has a bypass.
func decisionOf(g *gateState, ev *flag.Evaluation, r *http.Request) string {
	switch {
	case !isClosedBy(g.gate, ev):
		return counters.Pass
	case g.bypass != nil && rules.Passes(g.bypass, r):
		return counters.Bypass
	case g.gate.DryRun:
		return counters.DryRun
	}
	return counters.Block
}

// lateText is a header's value for a request, empty where the header is removed.
func lateText(h *lateHeader, reader *request.Reader) string {
	if h.evaluator != nil {
		p := flagFor(h.evaluator, reader)
		ev := evaluateFor(h.evaluator, reader, p)
		text := lookup.FlagText(h.rule, ev)
		if h.counters != nil {
			counters.CountVariant(h.counters, fitting(h.rule, h.evaluator, p, ev, text).Variant)
		}
		return text
	}
	return lookup.HeaderTextFor(h.finder, h.rule, reader)
}

// fitting is the evaluation that a header's text comes from: an error, which is told, where the
// rule's default stands there because no header can have the value.
func fitting(rule *rules.Header, e *evaluator, p *preparedFlag, ev *flag.Evaluation, text string) *flag.Evaluation {
	if text != rule.Fallback {
		return ev
	}
	fit := lookup.Fitting(ev)
	if fit != ev {
		flagcheck.TellError(e.reader, p.set, e.key, p.path, fit)
	}
	return fit
}

// applyLate sets, adds or removes a header as its rule's mode says. A header of the
// response is added to late.
func applyLate(rule *rules.Header, r *http.Request, value string, late *answer.Headers) {
	if rule.Response {
		answer.Add(late, rule, value)
		return
	}
	header := r.Header
	switch {
	case rule.Mode == rules.ModeIfAbsent && len(header[rule.Name]) > 0:
	case rule.Mode == rules.ModeAppend && value != "":
		header[rule.Name] = append(header[rule.Name], value)
	case rule.Mode == rules.ModeAppend:
	case value == "":
		delete(header, rule.Name)
	default:
		header[rule.Name] = []string{value}
	}
}

// noteOf is a decision as the decision header has it. Its age is for how many seconds no
// session has vouched for the flag.
func noteOf(decision, label string, ev *flag.Evaluation, stale time.Time) string {
	words := []string{decision, "flag=" + strconv.QuoteToASCII(label)}
	if ev.Variant != "" {
		words = append(words, "variant="+strconv.QuoteToASCII(counters.ShortVariant(ev.Variant)))
	}
	words = append(words, "reason="+ev.Reason)
	if ev.ErrorCode != "" {
		words = append(words, "error="+ev.ErrorCode)
	}
	age := 0
	if !stale.IsZero() {
		age = int(time.Since(stale) / time.Second)
	}
	return strings.Join(append(words, "age="+strconv.Itoa(age)), "; ")
}

// record puts the decisions where the service sees them, and Traefik's access log.
func (d *decider) record(r *http.Request, notes []string) {
	request.NoteDecisions(r, d.rules.DecisionHeader, strings.Join(notes, ", "))
}
