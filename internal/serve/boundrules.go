package serve

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/fit"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A BoundRules is the rules of a middleware with the inputs that they read: all that the
// handlers of its requests are made of. It belongs to an instance, and its methods are
// called with that one's lock, apart from those for counters.
type BoundRules struct {
	rules      *rules.Rules
	status     StatusHandler
	headers    []*Input // of the header rules; nil where a rule reads nothing
	gates      []*Input
	pages      []*Input        // for the bodies of the gates' answers; nil where a gate has a body of its own
	counting   *Counters       // nil before UseCounters
	middleware string          // its name; empty before UseCounters
	counters   []*gateCounters // of the gates
	failure    error           // why the rules can't be followed; nil where they can
	refused    bool            // requests are refused for the failure even where there are no gates

	undefined *undefinedNote
	loops     []*atomic.Bool // for each gate, whether the log says that its redirect leads back to it; nil where it doesn't redirect
}

// NewBoundRules binds rules to inputs that have no cluster yet. The handler answers
// requests for the status, where the rules have a path for it.
func NewBoundRules(r *rules.Rules, status StatusHandler) *BoundRules {
	b := &BoundRules{rules: r, status: status, undefined: &undefinedNote{}}
	for _, rule := range r.Headers {
		b.headers = append(b.headers, newInput(rule.Source))
	}
	for _, g := range r.Gates {
		b.gates = append(b.gates, newInput(g.Source))
		b.pages = append(b.pages, newInput(g.Page))
		b.loops = append(b.loops, loopNoteFor(g))
	}
	return b
}

// readerOf is a rule as what doesn't fit about its flag is told of it.
func readerOf(b *BoundRules, in *Input, rule string) *fit.Reader {
	r := &fit.Reader{Cluster: in.source.Cluster, Middleware: b.middleware, Rule: rule, Context: b.rules.Context}
	nodes := countingNodes(in)
	if len(nodes) > 0 {
		r.Cluster = cache.ClusterOf(nodes[0])
	}
	return r
}

// Inputs are all inputs that the rules read.
func (b *BoundRules) Inputs() []*Input {
	var all []*Input
	for _, some := range [][]*Input{b.headers, b.gates, b.pages} {
		for _, in := range some {
			if in != nil {
				all = append(all, in)
			}
		}
	}
	return all
}

// UseCounters has the gates of a middleware of that name counted. It is called with the
// lock of the counters' registry, once, before the first handler is made.
func (b *BoundRules) UseCounters(c *Counters, middleware string) {
	b.counting = c
	b.middleware = middleware
	for _, g := range b.rules.Gates {
		b.counters = append(b.counters, c.use(middleware, g.Label))
	}
}

// ReleaseCounters ends what UseCounters began. It is called with the same lock.
func (b *BoundRules) ReleaseCounters() {
	for _, g := range b.counters {
		b.counting.release(g)
	}
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

// Failure is why the rules can't be followed; nil where they can.
func (b *BoundRules) Failure() error { return b.failure }
