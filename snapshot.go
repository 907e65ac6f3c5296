package zookeeper

// snapshot is all that a request needs, worked out beforehand. It never changes
// once it is published.
type snapshot struct {
	refusal  *refusal // the answer of the first closed gate, where no request makes a difference; or nil
	decider  *decider // what depends on the request; nil where nothing does
	names    []string // headers to set, canonical
	values   [][]string
	removed  []string  // headers to remove: managed ones without a value, and the aliases of all
	response *response // headers of the response; nil where there are none
	gates    []*gateState
	cells    []*int64 // that count the decisions where no request makes a difference
}

// response is the headers that are set before the service answers.
type response struct {
	names  []string
	values [][]string
}

// A basis is all that a snapshot is worked out of.
type basis struct {
	rules    *rules
	headers  []*input            // of the header rules; nil where a rule reads nothing
	gates    []*input            // of the gates
	pages    []*input            // the bodies of the gates' answers; nil where a gate has none of its own
	counters []*decisionCounters // of the gates
	status   statusHandler       // answers requests for the status
	failure  error               // why the rules can't be followed; nil where they can
	dropped  bool                // requests are refused for the failure even where there are no gates
}

func newBasis(r *rules, status statusHandler) *basis {
	b := &basis{rules: r, status: status}
	for _, rule := range r.headers {
		b.headers = append(b.headers, inputFor(rule.source))
	}
	for _, g := range r.gates {
		b.gates = append(b.gates, inputFor(g.source))
		b.pages = append(b.pages, inputFor(g.page))
	}
	return b
}

// snapshotOf works out what is done with requests from now on.
func snapshotOf(b *basis, clock *expiryClock) *snapshot {
	s := &snapshot{}
	d := &decider{rules: b.rules}
	if len(b.headers) > 0 {
		applyHeaders(b, s, d, clock)
	}
	if b.rules.decisionHeader != "" {
		s.removed = append(s.removed, cgiAliases(b.rules.decisionHeader)...)
	}
	if len(b.gates) > 0 {
		applyGates(b, s, d, clock)
	}
	if b.failure != nil && (len(b.gates) > 0 || b.dropped) {
		s.refusal = absent
		if len(b.gates) > 0 {
			s.refusal = unavailableTo(b.rules.decisionHeader)
		}
		s.cells = nil
		return s
	}
	if len(d.gates)+len(d.headers) > 0 || b.rules.decisionHeader != "" {
		d.managed = s.managed(d)
		s.decider = d
	}
	return s
}

// applyHeaders sorts the header rules: those with a value, those without, and
// those that depend on the request.
func applyHeaders(b *basis, s *snapshot, d *decider, clock *expiryClock) {
	for i, rule := range b.rules.headers {
		if !rule.response {
			s.removed = append(s.removed, rule.aliases...)
		}
		if rule.source == nil {
			d.addRemoval(s, rule)
			continue
		}
		in := b.headers[i]
		if rule.source.isFlag {
			d.addFlag(s, rule, evaluatorFor(in, nil, b.rules.context, clock))
			continue
		}
		seen := see(in, clock)
		if rule.source.depends || rule.mode != modeSet {
			d.headers = append(d.headers, &lateHeader{rule: rule, lookup: &lookup{source: rule.source, seen: seen}})
			continue
		}
		setHeader(s, rule, headerValue(rule, first(seen)))
	}
}

func setHeader(s *snapshot, rule *compiledHeader, value string) {
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

// applyGates evaluates the gates in their order. Where the request makes no
// difference, the first closed one is the answer to all.
func applyGates(b *basis, s *snapshot, d *decider, clock *expiryClock) {
	counted := isCounting()
	for i, g := range b.rules.gates {
		state := &gateState{gate: g, evaluator: evaluatorFor(b.gates[i], g.fallback, b.rules.context, clock)}
		state.evaluator.unread = g.unread
		state.refusal = g.refusal
		if b.pages[i] != nil {
			state.refusal = refusalWith(g.refusal, see(b.pages[i], clock))
		}
		if counted {
			state.counters = b.counters[i]
		}
		if g.bypass != nil && g.bypass.header != nil {
			s.removed = append(append(s.removed, g.bypass.header.name), cgiAliases(g.bypass.header.name)...)
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
		fixed := state.evaluator.fixed()
		decision := decisionOf(state, fixed, nil)
		if state.counters != nil {
			s.cells = append(s.cells, state.counters.cells[decision][fixed.Reason])
		}
		if decision == decidedBlock {
			s.refusal = state.refusal
			return
		}
	}
}

// refusalWith is the answer of a gate with its page from ZooKeeper, as far as that can be
// used.
func refusalWith(answer *refusal, page []*observed) *refusal {
	body, isPage := first(page).value.([]byte)
	if !isPage || len(body) == 0 {
		return answer
	}
	return answer.with(body)
}

// headerValue is the header's value for what is seen.
func headerValue(rule *compiledHeader, seen *observed) string {
	if seen.value != nil {
		return formatValue(rule, seen.value.(string))
	}
	if seen.known {
		return rule.missing
	}
	return rule.fallback
}
