package zookeeper

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// A decider decides about requests where the request makes a difference.
type decider struct {
	rules   *rules
	gates   []*gateState
	headers []*lateHeader
	cookies []string          // secrets, which no service gets to see
	managed map[string]string // headers as flags see them
}

// A lateHeader is a header rule whose value depends on the request: on a flag, on
// a pattern, or on what the client sent.
type lateHeader struct {
	rule      *compiledHeader
	evaluator *evaluator // of a flag; nil for others
	lookup    *lookup    // of a path's nodes; nil for others
}

// The decisions.
const (
	decidedPass   = "pass"
	decidedBlock  = "block"
	decidedBypass = "bypass"
	decidedDryRun = "dry-run" // would have been blocked
	decidedSet    = "set"     // a header
)

func (d *decider) gatesNeeded() bool {
	for _, g := range d.gates {
		if g.depends() {
			return true
		}
	}
	return d.rules.decisionHeader != ""
}

// addFlag adds a rule whose value comes from a flag. Where the request makes no
// difference, the value is a part of the snapshot.
func (d *decider) addFlag(s *snapshot, rule *compiledHeader, v *evaluator) {
	fixed := v.fixed()
	if fixed != nil && d.rules.decisionHeader == "" && rule.mode == modeSet {
		setHeader(s, rule, flagText(rule, fixed))
		return
	}
	d.headers = append(d.headers, &lateHeader{rule: rule, evaluator: v})
}

// addRemoval adds a rule that removes a header.
func (d *decider) addRemoval(s *snapshot, rule *compiledHeader) {
	if rule.response {
		d.headers = append(d.headers, &lateHeader{rule: rule})
	} else {
		s.removed = append(s.removed, rule.name)
	}
}

// flagText is a flag's value as a header has it: the rule's default where it has
// none, or one that no header can hold.
func flagText(rule *compiledHeader, ev *flag.Evaluation) string {
	text := ""
	switch value := ev.Value.(type) {
	case nil:
		return rule.fallback
	case string:
		text = value
	default:
		encoded, err := json.Marshal(value)
		if err != nil {
			return rule.fallback
		}
		text = string(encoded)
	}
	checked, err := headerText(text)
	if err != nil {
		return rule.fallback
	}
	return formatValue(rule, checked)
}

// decide tells whether the request goes on; where it doesn't, it is answered.
//
// Yaegi: a method costs as much as four functions, and each variable of a function
// costs every call of it, used or not. So there are functions here, and what most
// instances have no use for is in some of its own.
func decide(d *decider, w http.ResponseWriter, r *http.Request) bool {
	v := &visitor{request: r, managed: d.managed}
	if d.rules.decisionHeader != "" {
		return decideAndNote(d, v, w)
	}
	for _, g := range d.gates {
		if blocks(g, v) {
			refuse(w, r, g.refusal)
			return false
		}
	}
	if len(d.headers)+len(d.cookies) > 0 {
		applyLateHeaders(d, v, w)
	}
	return true
}

func blocks(g *gateState, v *visitor) bool {
	ev := evaluateFor(g.evaluator, v, flagFor(g.evaluator, v))
	decision := decisionOf(g, ev, v.request)
	if g.counters != nil {
		count(g.counters, decision, ev.Reason)
	}
	return decision == decidedBlock
}

// applyLateHeaders sets the headers that depend on the request, and takes secrets out of it.
func applyLateHeaders(d *decider, v *visitor, w http.ResponseWriter) {
	for _, h := range d.headers {
		apply(h.rule, w, v.request, lateText(h, v))
	}
	for _, name := range d.cookies {
		withoutCookie(v.request.Header, name)
	}
}

// decideAndNote is decide that notes what it decides.
func decideAndNote(d *decider, v *visitor, w http.ResponseWriter) bool {
	var notes []string
	for _, g := range d.gates {
		found := flagFor(g.evaluator, v)
		ev := evaluateFor(g.evaluator, v, found)
		decision := decisionOf(g, ev, v.request)
		if g.counters != nil {
			count(g.counters, decision, ev.Reason)
		}
		notes = append(notes, noteOf(decision, g.gate.label, ev, found.stale))
		if decision == decidedBlock {
			d.record(v.request, notes)
			refuse(w, v.request, g.refusal)
			return false
		}
	}
	for _, h := range d.headers {
		if h.evaluator == nil {
			apply(h.rule, w, v.request, lateText(h, v))
			continue
		}
		found := flagFor(h.evaluator, v)
		ev := evaluateFor(h.evaluator, v, found)
		apply(h.rule, w, v.request, flagText(h.rule, ev))
		notes = append(notes, noteOf(decidedSet, h.rule.label, ev, found.stale))
	}
	for _, name := range d.cookies {
		withoutCookie(v.request.Header, name)
	}
	d.record(v.request, notes)
	return true
}

// decisionOf asks the request only where the gate is closed and has a bypass.
func decisionOf(g *gateState, ev *flag.Evaluation, r *http.Request) string {
	switch {
	case !closes(g.gate, ev):
		return decidedPass
	case g.gate.bypass != nil && passes(g.gate.bypass, r):
		return decidedBypass
	case g.gate.dryRun:
		return decidedDryRun
	}
	return decidedBlock
}

func lateText(h *lateHeader, v *visitor) string {
	if h.rule.source == nil {
		return ""
	}
	if h.evaluator != nil {
		return flagText(h.rule, evaluateFor(h.evaluator, v, flagFor(h.evaluator, v)))
	}
	seen := firstFor(h.lookup, v)
	if v.unread != "" {
		v.unread = ""
		return h.rule.fallback
	}
	return headerValue(h.rule, seen)
}

// apply does with a header what its rule's mode says.
func apply(rule *compiledHeader, w http.ResponseWriter, r *http.Request, value string) {
	header := r.Header
	if rule.response {
		header = w.Header()
	}
	switch {
	case rule.mode == modeIfAbsent && len(header[rule.name]) > 0:
	case rule.mode == modeAppend && value != "":
		header[rule.name] = append(header[rule.name], value)
	case rule.mode == modeAppend:
	case value == "":
		delete(header, rule.name)
	default:
		header[rule.name] = []string{value}
	}
}

// noteOf is a decision in words.
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

// longestVariant is how much of a variant's name a decision has, since a header has little room.
const longestVariant = 128

func shortName(variant string) string {
	if len(variant) <= longestVariant {
		return variant
	}
	return strings.ToValidUTF8(variant[:longestVariant], "") + "..."
}

// record puts the decisions where the service sees them, and Traefik's access log.
func (d *decider) record(r *http.Request, notes []string) {
	name := d.rules.decisionHeader
	if len(notes) > 0 {
		r.Header[name] = []string{strings.Join(notes, ", ")}
	} else {
		delete(r.Header, name)
	}
}
