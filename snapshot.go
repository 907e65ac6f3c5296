package zookeeper

import (
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// snapshot is all that a request needs, worked out beforehand. It never changes
// once it is published.
type snapshot struct {
	refusal  *refusal // the answer of the first closed gate, where no request makes a difference; or nil
	decider  *decider // what depends on the request; nil where nothing does
	names    []string // headers to set, canonical
	values   [][]string
	removed  []string  // headers to remove: managed ones without a value, and the twins
	response *response // headers of the response; nil where there are none
	gates    []*gateState
	cells    []*int64 // that count the decisions where no request makes a difference
}

// response is the headers that are set before the service answers.
type response struct {
	names  []string
	values [][]string
}

// input is a rule's source, bound to the nodes of a pool.
type input struct {
	source   *source
	nodes    []*subscription // one for each path; none until the cluster is known
	replaced []*subscription // what they replace, until they are loaded
}

// inForce are the subscriptions whose values count.
func inForce(in *input) []*subscription {
	if len(in.replaced) > 0 {
		return in.replaced
	}
	return in.nodes
}

// moment is the time that values are judged by, and the next time when that
// would come out otherwise.
type moment struct {
	now      time.Time
	maxStale time.Duration
	turns    time.Time
}

// see is what the input's paths show, in their order.
func see(in *input, m *moment) []*sighting {
	var all []*sighting
	nodes := in.nodes
	if len(in.replaced) > 0 {
		nodes = in.replaced
	}
	for _, n := range nodes {
		seen := glance(n)
		if m.maxStale > 0 {
			outdate(seen, m)
		}
		all = append(all, seen)
	}
	return all
}

// pick is the first sighting with a value, or the first that isn't known: past it
// nothing can be told. The visitor is nil where requests make no difference.
func pick(all []*sighting, v *visitor) *sighting {
	last := &sighting{}
	for _, seen := range all {
		if seen.tree != nil && seen.known {
			seen = within(seen, v)
		}
		if seen.value != nil || !seen.known {
			return seen
		}
		if last.refused && !seen.refused {
			seen = &sighting{loaded: true, known: true, stale: seen.stale, refused: true}
		}
		last = seen
	}
	return last
}

// within is the node of a subtree that a request means. One that has come and hasn't
// been read yet is missing still, as it was before.
func within(s *sighting, v *visitor) *sighting {
	e := find(s.tree, v)
	if e != nil && e.loaded {
		return &sighting{value: e.value, loaded: true, known: true, stale: s.stale, refused: e.refused}
	}
	if !s.tree.loaded() {
		return &sighting{stale: s.stale}
	}
	return &sighting{loaded: true, known: true, stale: s.stale}
}

// isPending tells whether anything that is known is still being read.
func (in *input) isPending() bool {
	for _, n := range in.nodes {
		if n.isPending() {
			return true
		}
	}
	return false
}

func (in *input) settled(patience time.Duration) bool {
	for _, n := range in.nodes {
		if !n.settled(patience) {
			return false
		}
	}
	return len(in.nodes) > 0
}

// snapshotOf works out what the instance does with requests from now on.
func snapshotOf(inst *instance, m *moment) *snapshot {
	s := &snapshot{}
	d := &decider{rules: inst.rules}
	if len(inst.headers) > 0 {
		applyHeaders(inst, s, d, m)
	}
	if inst.rules.decisionHeader != "" {
		s.removed = append(s.removed, twins(inst.rules.decisionHeader)...)
	}
	if len(inst.gates) > 0 {
		applyGates(inst, s, d, m)
	}
	if inst.failure != nil && (len(inst.gates) > 0 || inst.dropped) {
		s.refusal = absent
		if len(inst.gates) > 0 {
			s.refusal = unavailableTo(inst.rules.decisionHeader)
		}
		s.cells = nil
		return s
	}
	if len(d.gates)+len(d.headers) > 0 || inst.rules.decisionHeader != "" {
		d.managed = s.managed(d)
		s.decider = d
	}
	return s
}

// applyHeaders sorts the header rules: those with a value, those without, and
// those that depend on the request.
func applyHeaders(inst *instance, s *snapshot, d *decider, m *moment) {
	for i, rule := range inst.rules.headers {
		if !rule.response {
			s.removed = append(s.removed, rule.twins...)
		}
		if rule.source == nil {
			d.addRemoval(s, rule)
			continue
		}
		in := inst.headers[i]
		if rule.source.isFlag {
			d.addFlag(s, rule, judge(in, nil, inst.rules.context, m))
			continue
		}
		seen := see(in, m)
		if rule.source.depends || rule.mode != modeSet {
			d.headers = append(d.headers, &lateHeader{rule: rule, seen: seen})
			continue
		}
		setHeader(s, rule, textFor(rule, pick(seen, nil)))
	}
}

func setHeader(s *snapshot, rule *headerRule, value string) {
	switch {
	case rule.response && value != "":
		if s.response == nil {
			s.response = &response{}
		}
		s.response.names = append(s.response.names, rule.name)
		s.response.values = append(s.response.values, []string{value})
	case rule.response:
	case value == "":
		s.removed = append(s.removed, rule.name)
	default:
		s.names = append(s.names, rule.name)
		s.values = append(s.values, []string{value})
	}
}

// managed are the headers that requests get, as flags see them: those that depend
// on the request themselves are hidden, since the client's are not to be trusted.
func (s *snapshot) managed(d *decider) map[string]string {
	managed := map[string]string{}
	if d.rules.decisionHeader != "" {
		managed[d.rules.decisionHeader] = ""
	}
	for _, h := range d.headers {
		if !h.rule.response && h.rule.mode == modeSet {
			managed[h.rule.name] = ""
		}
	}
	for _, name := range s.removed {
		managed[name] = ""
	}
	for i, name := range s.names {
		managed[name] = s.values[i][0]
	}
	return managed
}

// applyGates judges the gates in their order. Where the request makes no
// difference, the first closed one is the answer to all.
func applyGates(inst *instance, s *snapshot, d *decider, m *moment) {
	for i, g := range inst.rules.gates {
		state := &gateState{gate: g, verdict: judge(inst.gates[i], g.fallback, inst.rules.context, m)}
		state.verdict.unread = g.unread
		state.refusal = inst.refusalOf(i, m)
		if counted.Load() {
			state.tally = inst.tallies[i]
		}
		if g.bypass != nil && g.bypass.header != nil {
			s.removed = append(append(s.removed, g.bypass.header.name), twins(g.bypass.header.name)...)
		}
		if g.bypass != nil && g.bypass.cookie != nil {
			d.cookies = append(d.cookies, g.bypass.cookie.name)
		}
		s.gates = append(s.gates, state)
	}
	d.gates = s.gates
	if d.gatesNeeded() {
		return
	}
	d.gates = nil
	for _, state := range s.gates {
		fixed := state.verdict.fixed()
		decision := decisionOf(state, fixed, nil)
		if state.tally != nil {
			s.cells = append(s.cells, state.tally.cells[decision][fixed.Reason])
		}
		if decision == decidedBlock {
			s.refusal = state.refusal
			return
		}
	}
}

// textFor is the header's value for what is seen.
func textFor(rule *headerRule, seen *sighting) string {
	if seen.value != nil {
		return dressed(rule, seen.value.(string))
	}
	if seen.known && strings.TrimSuffix(rule.source.format, inBase64) == formatExists {
		return dressed(rule, "false")
	}
	return rule.fallback
}

// missing is why there is no flag: the error code, or nothing where what there
// was is too old.
func (s *sighting) missing() string {
	switch {
	case s.refused:
		return flag.ErrorParse
	case s.known:
		return flag.ErrorFlagNotFound
	case s.loaded:
		return ""
	}
	return flag.ErrorProviderNotReady
}
