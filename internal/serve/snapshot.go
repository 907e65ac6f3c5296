package serve

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A snapshot is all that a request needs, worked out beforehand. It never changes once
// it is published.
type snapshot struct {
	refusal  *rules.Refusal // of the first closed gate, where that is the answer to all requests; or nil
	decider  *decider       // for what depends on the request; nil where nothing does
	names    []string       // headers to set, canonical
	values   [][]string
	removed  []string  // headers to remove: managed ones without a value, and the aliases of all
	response *response // headers of the response; nil where there are none
	gates    []*gateState
	cells    []*int64 // counters of the decisions that are the same for all requests
}

// A response is the headers that are set before the service answers.
type response struct {
	names  []string
	values [][]string
}

// snapshotOf works out what is done with requests from now on.
func snapshotOf(b *BoundRules, expiry *Expiry) *snapshot {
	s := &snapshot{}
	d := &decider{rules: b.rules}
	if len(b.headers) > 0 {
		addHeaders(b, s, d, expiry)
	}
	if b.rules.DecisionHeader != "" {
		s.removed = append(s.removed, rules.CGIAliases(b.rules.DecisionHeader)...)
	}
	if len(b.gates) > 0 {
		addGates(b, s, d, expiry)
	}
	if b.failure != nil && (len(b.gates) > 0 || b.refused) {
		s.refusal = absentRouter
		if len(b.gates) > 0 {
			s.refusal = unavailableFor(b.rules.DecisionHeader)
		}
		s.cells = nil
		return s
	}
	if len(d.gates)+len(d.headers) > 0 || b.rules.DecisionHeader != "" {
		d.managed = managedHeaders(s, d)
		s.decider = d
	}
	return s
}

// addHeaders sorts the header rules into those with a value, those without, and those
// that depend on the request.
func addHeaders(b *BoundRules, s *snapshot, d *decider, expiry *Expiry) {
	for i, rule := range b.rules.Headers {
		if !rule.Response {
			s.removed = append(s.removed, rule.Aliases...)
		}
		if rule.Source == nil {
			d.addRemoval(s, rule)
			continue
		}
		in := b.headers[i]
		if rule.Source.IsFlag {
			d.addFlag(s, rule, newEvaluator(in, nil, b.rules.Context, expiry))
			continue
		}
		seen := observe(in, expiry)
		if rule.Source.Depends || rule.Mode != rules.ModeSet {
			d.headers = append(d.headers, &lateHeader{rule: rule, finder: &nodeFinder{source: rule.Source, seen: seen}})
			continue
		}
		setHeader(s, rule, headerValue(rule, firstWithValue(seen)))
	}
}

// setHeader has a header set for all requests, or removed where the value is empty.
func setHeader(s *snapshot, rule *rules.Header, value string) {
	switch {
	case rule.Response && value != "":
		if s.response == nil {
			s.response = &response{}
		}
		s.response.names = append(s.response.names, rule.Name)
		s.response.values = append(s.response.values, []string{value})
	case rule.Response:
	case value == "":
		s.removed = append(s.removed, rule.Name)
	default:
		s.names = append(s.names, rule.Name)
		s.values = append(s.values, []string{value})
	}
}

// managedHeaders are the headers that requests get, as flags see them. Those that depend
// on the request themselves are empty, since what the client sent is not to be trusted.
func managedHeaders(s *snapshot, d *decider) map[string]string {
	managed := map[string]string{}
	if d.rules.DecisionHeader != "" {
		managed[d.rules.DecisionHeader] = ""
	}
	for _, h := range d.headers {
		if !h.rule.Response && h.rule.Mode == rules.ModeSet {
			managed[h.rule.Name] = ""
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

// addGates evaluates the gates in their order. Where no request makes a difference, the
// first closed one is the answer to all.
func addGates(b *BoundRules, s *snapshot, d *decider, expiry *Expiry) {
	isCounting := b.counting != nil && b.counting.began.Load()
	for i, g := range b.rules.Gates {
		state := &gateState{gate: g, evaluator: newEvaluator(b.gates[i], g.Fallback, b.rules.Context, expiry)}
		state.evaluator.unreadable = g.Unread
		state.refusal = g.Refusal
		if b.pages[i] != nil {
			state.refusal = refusalWith(g.Refusal, observe(b.pages[i], expiry))
		}
		if isCounting {
			state.counters = b.counters[i]
		}
		if g.Bypass != nil && g.Bypass.Header != nil {
			s.removed = append(append(s.removed, g.Bypass.Header.Name), rules.CGIAliases(g.Bypass.Header.Name)...)
		}
		if g.Bypass != nil && g.Bypass.Cookie != nil {
			d.cookies = append(d.cookies, g.Bypass.Cookie.Name)
		}
		s.gates = append(s.gates, state)
	}
	d.gates = s.gates
	if !d.needsGates() {
		d.gates = nil
		decideForAll(s)
	}
}

// decideForAll takes the decisions that are the same for all requests.
func decideForAll(s *snapshot) {
	for _, state := range s.gates {
		constant := state.evaluator.constant()
		decision := decisionOf(state, constant, nil)
		if state.counters != nil {
			s.cells = append(s.cells, state.counters.cells[decision][constant.Reason])
		}
		if decision == decidedBlock {
			s.refusal = state.refusal
			return
		}
	}
}

// refusalWith is the answer of a gate with its page from ZooKeeper, where there is one.
func refusalWith(answer *rules.Refusal, page []*cache.Observed) *rules.Refusal {
	body, isPage := firstWithValue(page).Value.([]byte)
	if !isPage || len(body) == 0 {
		return answer
	}
	return answer.WithBody(body)
}

// headerValue is the header's value for what is known of its node.
func headerValue(rule *rules.Header, seen *cache.Observed) string {
	if seen.Value != nil {
		return rules.FormatValue(rule, seen.Value.(string))
	}
	if seen.Known {
		return rule.Missing
	}
	return rule.Fallback
}
