package serve

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A snapshot is all that a request needs, worked out beforehand. It never changes once
// it is published.
type snapshot struct {
	refusal  *rules.Refusal // of the first closed gate, where that is the answer to all requests; or nil
	decider  *decider       // for what depends on the request; nil where nothing does
	names    []string       // headers to set, canonical
	values   [][]string
	inPlace  *atomic.Value    // the value of the only name, where it is read in place; nil otherwise
	tabled   []*lookup.Tabled // headers of the request whose lines are in tables; they are set after all else
	removed  []string         // headers to remove: managed ones without a value, and the aliases of all
	response *answer.Headers  // headers of the response; nil where there are none
	gates    []*gateState

	decisions string   // what the decision header says of all requests; empty where it is worked out for each, or nothing is decided
	cells     []*int64 // counters of the decisions that are the same for all requests
	passed    []*int64 // counters of flags that are the same for all requests that pass the gates

	isUndefined bool // nobody defines the cluster of a gate
}

// snapshotOf works out what is done with requests from now on.
func snapshotOf(b *BoundRules, expiry *input.Expiry) *snapshot {
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
	if len(d.headers) > 0 {
		useTables(b, s, d)
	}
	if len(d.gates) > 0 || b.rules.DecisionHeader != "" {
		decideForAll(s, d)
	}
	if b.failure != nil && (len(b.gates) > 0 || b.refused) {
		refuseAll(b, s)
		return s
	}
	if len(d.gates)+len(d.headers) > 0 || b.rules.DecisionHeader != "" && !d.isConstant() {
		d.managed = managedHeaders(s, d)
		s.decider = d
	}
	return s
}

// refuseAll has all requests refused, since the rules can't be followed.
func refuseAll(b *BoundRules, s *snapshot) {
	s.refusal = answer.AbsentRouter
	if len(b.gates) > 0 {
		s.refusal = answer.UnavailableFor(b.rules.DecisionHeader, rules.WithheldOf(b.rules)).Beside(answer.Values(s.response))
	}
	s.cells = nil
}

// addHeaders sorts the header rules into those with a value, those without, and those
// that depend on the request.
func addHeaders(b *BoundRules, s *snapshot, d *decider, expiry *input.Expiry) {
	for i, rule := range b.rules.Headers {
		if !rule.Response {
			s.removed = append(s.removed, rule.Aliases...)
		}
		if rule.Source == nil {
			setHeader(s, rule, "")
			continue
		}
		if rule.Source.IsFlag || rule.Source.Depends || !isWorkedOutBefore(rule) {
			addLateHeader(b, s, d, i, expiry)
			continue
		}
		in := b.headers[i]
		seen := input.Observe(in, expiry)
		setHeader(s, rule, lookup.HeaderText(rule, lookup.FirstWithValue(seen)))
		if in.InPlace && len(seen) > 0 && seen[0].Value != nil && len(s.names) == 1 {
			s.inPlace = cache.LinesOf(input.Counting(in)[0])
		}
	}
}

// addLateHeader is for a header rule by a flag, or one that depends on the request.
func addLateHeader(b *BoundRules, s *snapshot, d *decider, no int, expiry *input.Expiry) {
	rule, in := b.rules.Headers[no], b.headers[no]
	if rule.Source.IsFlag {
		d.addFlag(s, rule, newEvaluator(in, nil, readerOf(b, in, "header "+rule.Name), expiry), b.countersOf(no))
		return
	}
	finder := &lookup.Finder{Source: rule.Source, Seen: input.Observe(in, expiry)}
	d.headers = append(d.headers, &lateHeader{rule: rule, no: no, finder: finder})
}

// useTables has those of the late headers set from tables whose lines can be kept there.
func useTables(b *BoundRules, s *snapshot, d *decider) {
	var rest []*lateHeader
	managed := managedHeaders(s, d)
	for _, h := range d.headers {
		tabled := tabledOf(b, h, managed)
		if tabled != nil {
			s.tabled = append(s.tabled, tabled)
			tabled.Alias = h.rule.OnlyAlias()
			s.removed = lists.Without(s.removed, tabled.Alias)
		} else {
			rest = append(rest, h)
		}
	}
	d.headers = rest
}

// tabledOf is a header whose lines can be kept in a table; nil for another one. The table
// outlives the snapshot.
func tabledOf(b *BoundRules, h *lateHeader, managed map[string]string) *lookup.Tabled {
	if h.finder == nil || len(h.finder.Seen) != 1 {
		return nil
	}
	table := lookup.TableFor(b.tables[h.no], h.finder, h.rule, &lookup.Origin{Subscription: input.Counting(b.headers[h.no])[0], Managed: managed})
	if table == nil {
		return nil
	}
	if b.tables == nil {
		b.tables = map[int]*lookup.Table{}
	}
	b.tables[h.no] = table
	return &lookup.Tabled{Rule: h.rule, Finder: h.finder, Table: table}
}

// isWorkedOutBefore tells whether a header with the same value for all requests needs
// nothing of the request. What it is added to, of the request, is there only with that one.
func isWorkedOutBefore(rule *rules.Header) bool { return rule.Response || rule.Mode == rules.ModeSet }

// setHeader has a header set for all requests, or removed where the value is empty.
func setHeader(s *snapshot, rule *rules.Header, value string) {
	switch {
	case rule.Response:
		if s.response == nil {
			s.response = &answer.Headers{}
		}
		answer.Add(s.response, rule, value)
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
	for _, t := range s.tabled {
		managed[t.Rule.Name] = ""
		managed[t.Alias] = ""
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
func addGates(b *BoundRules, s *snapshot, d *decider, expiry *input.Expiry) {
	for i, g := range b.rules.Gates {
		if b.isUndefined(i) {
			s.isUndefined = true
		}
		if g.Bypass != nil && g.Bypass.Header != nil {
			s.removed = append(append(s.removed, g.Bypass.Header.Name), rules.CGIAliases(g.Bypass.Header.Name)...)
		}
		if g.Bypass != nil && g.Bypass.Cookie != nil {
			d.cookies = append(d.cookies, g.Bypass.Cookie.Name)
		}
		s.gates = append(s.gates, gateStateOf(b, i, s, expiry))
	}
	d.gates = s.gates
}

// gateStateOf is a gate as the inputs have it now.
func gateStateOf(b *BoundRules, i int, s *snapshot, expiry *input.Expiry) *gateState {
	g := b.rules.Gates[i]
	state := &gateState{gate: g, evaluator: gateEvaluator(b, i, b.isUndefined(i), expiry), refusal: g.Refusal, bypass: g.Bypass}
	state.evaluator.unreadable = g.Unread
	if b.pages[i] != nil {
		state.refusal = refusalWith(g.Refusal, input.Observe(b.pages[i], expiry))
	}
	if b.lists[i] != nil {
		state.bypass = bypassWith(g.Bypass, input.Observe(b.lists[i], expiry))
	}
	if s.response != nil {
		state.refusal = state.refusal.Beside(answer.Values(s.response))
	}
	if state.refusal.Redirect != nil {
		state.refusal = redirecting(b, i, state.refusal)
	}
	if b.counting.HasBegun() {
		state.counters = b.counters[i]
	}
	return state
}

// refusalWith is the answer of a gate with its page from ZooKeeper, where there is one.
func refusalWith(refusal *rules.Refusal, page []*cache.Observed) *rules.Refusal {
	body, isPage := lookup.FirstWithValue(page).Value.([]byte)
	if !isPage || len(body) == 0 {
		return refusal
	}
	return refusal.WithBody(body)
}

// bypassWith is the bypass of a gate with the networks that its list in ZooKeeper has.
func bypassWith(b *rules.Bypass, list []*cache.Observed) *rules.Bypass {
	networks, isList := lookup.FirstWithValue(list).Value.(*ipset.Set)
	if !isList {
		return b
	}
	return b.WithListed(networks)
}
