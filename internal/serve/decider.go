package serve

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
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
// depends on a flag, on placeholders in a path, or on what the header has already; or the
// header is removed from the response.
type lateHeader struct {
	rule      *rules.Header
	evaluator *evaluator  // of a flag; nil for others
	finder    *nodeFinder // of other values; nil for a flag
}

// What is decided about requests and headers.
const (
	decidedPass   = "pass"
	decidedBlock  = "block"
	decidedBypass = "bypass"
	decidedDryRun = "dry-run" // would have been blocked
	decidedSet    = "set"     // a header
)

// needsGates tells whether a gate has to be evaluated for each request.
func (d *decider) needsGates() bool {
	for _, g := range d.gates {
		if g.dependsOnRequest() {
			return true
		}
	}
	return d.rules.DecisionHeader != ""
}

// addFlag adds a header whose value is a flag's. Where the request makes no difference,
// the header is a part of the snapshot.
func (d *decider) addFlag(s *snapshot, rule *rules.Header, e *evaluator) {
	constant := e.constant()
	if constant != nil && d.rules.DecisionHeader == "" && rule.Mode == rules.ModeSet {
		setHeader(s, rule, flagText(rule, constant))
		return
	}
	d.headers = append(d.headers, &lateHeader{rule: rule, evaluator: e})
}

// addRemoval adds a rule that removes a header.
func (d *decider) addRemoval(s *snapshot, rule *rules.Header) {
	if rule.Response {
		d.headers = append(d.headers, &lateHeader{rule: rule})
	} else {
		s.removed = append(s.removed, rule.Name)
	}
}

// flagText is a flag's value as a header has it. Where there is no value, or no header
// can hold it, that is the rule's default.
func flagText(rule *rules.Header, ev *flag.Evaluation) string {
	text := ""
	switch given := ev.Value.(type) {
	case nil:
		return rule.Fallback
	case string:
		text = given
	default:
		encoded, err := json.Marshal(given)
		if err != nil {
			return rule.Fallback
		}
		text = string(encoded)
	}
	checked, err := value.HeaderText(text)
	if err != nil {
		return rule.Fallback
	}
	return rules.FormatValue(rule, checked)
}

// decide tells whether the request goes on. Where it doesn't, the request is answered.
//
// Yaegi: a method costs as much as four functions, and each variable of a function
// costs every call of it, used or not. So these are functions, and what most requests
// don't need has functions of its own.
func decide(d *decider, w http.ResponseWriter, r *http.Request) bool {
	reader := &request.Reader{Request: r, Managed: d.managed}
	if d.rules.DecisionHeader != "" {
		return decideAndNote(d, reader, w)
	}
	for _, g := range d.gates {
		if blocks(g, reader) {
			refuse(w, r, g.refusal)
			return false
		}
	}
	if len(d.headers)+len(d.cookies) > 0 {
		applyLateHeaders(d, reader, w)
	}
	return true
}

// blocks tells whether a gate keeps a request from going on.
func blocks(g *gateState, reader *request.Reader) bool {
	ev := evaluateFor(g.evaluator, reader, flagFor(g.evaluator, reader))
	decision := decisionOf(g, ev, reader.Request)
	if g.counters != nil {
		count(g.counters, decision, ev.Reason)
	}
	return decision == decidedBlock
}

// applyLateHeaders applies the header rules that depend on the request, and then takes
// secrets out of its cookies.
func applyLateHeaders(d *decider, reader *request.Reader, w http.ResponseWriter) {
	for _, h := range d.headers {
		apply(h.rule, w, reader.Request, lateText(h, reader))
	}
	for _, name := range d.cookies {
		request.RemoveCookie(reader.Request.Header, name)
	}
}

// decideAndNote is decide that also records what it decides in the decision header.
func decideAndNote(d *decider, reader *request.Reader, w http.ResponseWriter) bool {
	var notes []string
	for _, g := range d.gates {
		p := flagFor(g.evaluator, reader)
		ev := evaluateFor(g.evaluator, reader, p)
		decision := decisionOf(g, ev, reader.Request)
		if g.counters != nil {
			count(g.counters, decision, ev.Reason)
		}
		notes = append(notes, noteOf(decision, g.gate.Label, ev, p.stale))
		if decision == decidedBlock {
			d.record(reader.Request, notes)
			refuse(w, reader.Request, g.refusal)
			return false
		}
	}
	for _, h := range d.headers {
		if h.evaluator == nil {
			apply(h.rule, w, reader.Request, lateText(h, reader))
			continue
		}
		p := flagFor(h.evaluator, reader)
		ev := evaluateFor(h.evaluator, reader, p)
		apply(h.rule, w, reader.Request, flagText(h.rule, ev))
		notes = append(notes, noteOf(decidedSet, h.rule.Label, ev, p.stale))
	}
	for _, name := range d.cookies {
		request.RemoveCookie(reader.Request.Header, name)
	}
	d.record(reader.Request, notes)
	return true
}

// decisionOf is a gate's decision. It looks at the request only where the gate is closed
// and has a bypass.
func decisionOf(g *gateState, ev *flag.Evaluation, r *http.Request) string {
	switch {
	case !isClosedBy(g.gate, ev):
		return decidedPass
	case g.gate.Bypass != nil && rules.Passes(g.gate.Bypass, r):
		return decidedBypass
	case g.gate.DryRun:
		return decidedDryRun
	}
	return decidedBlock
}

// lateText is a header's value for a request, empty where the header is removed.
func lateText(h *lateHeader, reader *request.Reader) string {
	if h.rule.Source == nil {
		return ""
	}
	if h.evaluator != nil {
		return flagText(h.rule, evaluateFor(h.evaluator, reader, flagFor(h.evaluator, reader)))
	}
	seen := findFor(h.finder, reader)
	if reader.Unread != "" {
		reader.Unread = ""
		return h.rule.Fallback
	}
	return headerValue(h.rule, seen)
}

// apply sets, adds or removes a header as its rule's mode says.
func apply(rule *rules.Header, w http.ResponseWriter, r *http.Request, value string) {
	header := r.Header
	if rule.Response {
		header = w.Header()
	}
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
		words = append(words, "variant="+strconv.QuoteToASCII(shortName(ev.Variant)))
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

// longestVariant is how many bytes of a variant's name a note has at most, since a header
// has little room.
const longestVariant = 128

func shortName(variant string) string {
	if len(variant) <= longestVariant {
		return variant
	}
	return strings.ToValidUTF8(variant[:longestVariant], "") + "..."
}

// record puts the decisions where the service sees them, and Traefik's access log.
func (d *decider) record(r *http.Request, notes []string) {
	name := d.rules.DecisionHeader
	if len(notes) > 0 {
		r.Header[name] = []string{strings.Join(notes, ", ")}
	} else {
		delete(r.Header, name)
	}
}
