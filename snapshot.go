package zookeeper

import "time"

// snapshot is all that a request needs, worked out beforehand. It never changes
// once it is published.
type snapshot struct {
	pending bool     // the first values are being loaded
	refusal *refusal // the answer of the first closed gate, or nil
	names   []string // headers to set, canonical
	values  [][]string
	removed []string // headers to remove: managed ones without a value, and the twins
}

// input is a rule's source, bound to the nodes of a pool.
type input struct {
	source   *source
	nodes    []*subscription // one for each path; none until the cluster is known
	replaced []*subscription // what they replace, until they are loaded
}

// inForce are the subscriptions whose values count.
func (in *input) inForce() []*subscription {
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

// resolve returns the value of the first path that has one, and whether all
// paths up to it are known: past one that isn't, nothing can be told.
func (in *input) resolve(m *moment) (any, bool) {
	nodes := in.inForce()
	for _, n := range nodes {
		value, known, turns := n.lookup(m.now, m.maxStale)
		if !turns.IsZero() && (m.turns.IsZero() || turns.Before(m.turns)) {
			m.turns = turns
		}
		if value != nil || !known {
			return value, known
		}
	}
	return nil, len(nodes) > 0
}

func (in *input) settled(patience time.Duration) bool {
	for _, n := range in.nodes {
		if !n.settled(patience) {
			return false
		}
	}
	return len(in.nodes) > 0
}

// snapshot works out what the instance does with requests from now on.
func (inst *instance) snapshot(m *moment) *snapshot {
	s := &snapshot{}
	if inst.failure != nil && len(inst.gates) > 0 {
		s.refusal = unavailable
	}
	for i, g := range inst.rules.gates {
		if g.closed(inst.gates[i], m) && s.refusal == nil {
			s.refusal = g.refusal
		}
	}
	for i, rule := range inst.rules.headers {
		value := rule.value(inst.headers[i], m)
		if value == "" {
			s.removed = append(s.removed, rule.name)
		} else {
			s.names = append(s.names, rule.name)
			s.values = append(s.values, []string{value})
		}
		s.removed = append(s.removed, rule.twins...)
	}
	return s
}

func (g *gate) closed(in *input, m *moment) bool {
	on := g.fallback
	value, _ := in.resolve(m)
	if value != nil {
		on = value.(bool)
	}
	return on == g.blockWhen
}

func (rule *headerRule) value(in *input, m *moment) string {
	value, known := in.resolve(m)
	if value != nil {
		return value.(string)
	}
	if known && rule.source.format == formatExists {
		return "false"
	}
	return rule.fallback
}
