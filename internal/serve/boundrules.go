package serve

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/flagcheck"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A BoundRules is the rules of a middleware with the inputs that they read: all that the
// handlers of its requests are made of. It belongs to an instance, and its methods are
// called with that one's lock, apart from those for counters.
type BoundRules struct {
	rules      *rules.Rules
	status     StatusHandler
	headers    []*input.Input // of the header rules; nil where a rule reads nothing
	gates      []*input.Input
	pages      []*input.Input     // for the bodies of the gates' answers; nil where a gate has a body of its own
	lists      []*input.Input     // for the networks that get by the gates; nil where a gate reads none
	counting   *counters.Registry // nil before UseCounters
	middleware string             // its name; empty before UseCounters
	counters   []*counters.Flag   // of the gates
	variants   []*counters.Flag   // of the header rules' flags; nil where a rule has none
	failure    error              // why the rules can't be followed; nil where they can
	refused    bool               // requests are refused for the failure even where there are no gates

	undefined *undefinedNote
	tables    map[int]*lookup.Table // of header rules, by their numbers; nil where there are none
	read      map[int]*readFlag     // that rules read, as a report saw them last: by the gates' numbers, and behind those the header rules'
	loops     []*atomic.Bool        // for each gate, whether the log says that its redirect leads back to it; nil where it doesn't redirect
}

// NewBoundRules binds rules to inputs that have no cluster yet. The handler answers
// requests for the status, where the rules have a path for it.
func NewBoundRules(r *rules.Rules, status StatusHandler) *BoundRules {
	b := &BoundRules{rules: r, status: status, undefined: &undefinedNote{}}
	for _, rule := range r.Headers {
		in := input.New(rule.Source)
		if in != nil {
			in.InPlace = published.ReadInPlace() && rules.IsOnlyText(r, rule)
		}
		b.headers = append(b.headers, in)
	}
	for _, g := range r.Gates {
		b.gates = append(b.gates, input.New(g.Source))
		b.pages = append(b.pages, input.New(g.Page))
		b.loops = append(b.loops, loopNoteFor(g))
		b.lists = append(b.lists, input.New(listOf(g)))
	}
	return b
}

// readerOf is a rule as what doesn't fit about its flag is told of it.
func readerOf(b *BoundRules, in *input.Input, rule string) *flagcheck.Reader {
	r := &flagcheck.Reader{Cluster: in.Source.Cluster, Middleware: b.middleware, Rule: rule, Context: b.rules.Context}
	nodes := input.Counting(in)
	if len(nodes) > 0 {
		r.Cluster = cache.ClusterOf(nodes[0])
	}
	return r
}

// listOf is the source of the networks that get by a gate; nil where it has none.
func listOf(g *rules.Gate) *rules.Source {
	if g.Bypass == nil {
		return nil
	}
	return g.Bypass.List
}

// Inputs are all inputs that the rules read.
func (b *BoundRules) Inputs() []*input.Input {
	var all []*input.Input
	for _, some := range [][]*input.Input{b.headers, b.gates, b.pages, b.lists} {
		for _, in := range some {
			if in != nil {
				all = append(all, in)
			}
		}
	}
	return all
}

// UseCounters has the gates and flags of a middleware of that name counted. It is called with the
// lock of the counters' registry, once, before the first handler is made.
func (b *BoundRules) UseCounters(c *counters.Registry, middleware string) {
	b.counting = c
	b.middleware = middleware
	for _, g := range b.rules.Gates {
		b.counters = append(b.counters, c.UseGate(middleware, g.Label))
	}
	for _, rule := range b.rules.Headers {
		var variants *counters.Flag
		if rule.Label != "" {
			variants = c.UseFlag(middleware, rule.Name, rule.Label)
		}
		b.variants = append(b.variants, variants)
	}
}

// countersOf are those of a header's flag; nil where nobody counts.
func (b *BoundRules) countersOf(header int) *counters.Flag {
	if !b.counting.HasBegun() {
		return nil
	}
	return b.variants[header]
}

// ReleaseCounters ends what UseCounters began. It is called with the same lock.
func (b *BoundRules) ReleaseCounters() {
	for _, g := range b.counters {
		b.counting.ReleaseFlag(g)
	}
	for _, f := range b.variants {
		if f != nil {
			b.counting.ReleaseFlag(f)
		}
	}
}

// Unavailable answers requests that can't be decided about.
func (b *BoundRules) Unavailable() http.HandlerFunc {
	return answer.Unavailable(b.rules.DecisionHeader, rules.WithheldOf(b.rules))
}

// Fail says why the rules can't be followed. Gates refuse all requests from the next
// handler on, and headers go on with the values of the inputs.
func (b *BoundRules) Fail(err error) { b.failure = err }

// Refuse is Fail for a middleware that should never have been made. Where it has no
// gates, requests get 404, as Traefik answers without the router.
func (b *BoundRules) Refuse(err error) {
	b.failure = err
	b.refused = true
}

// Resume takes back what Fail or Refuse said.
func (b *BoundRules) Resume() {
	b.failure = nil
	b.refused = false
}

// HasFailed tells whether the rules can't be followed.
func HasFailed(b *BoundRules) bool { return b.failure != nil }

// Failure is why the rules can't be followed; nil where they can.
func (b *BoundRules) Failure() error { return b.failure }
