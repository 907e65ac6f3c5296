package serve

import (
	"net/http"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A decision that goes by a few texts of the request is kept for the requests that have the
// same ones, as long as the snapshot is in force: the handler of those requests stands in a
// table under the texts. Where it goes by shares of the targeting key alone, the handler stands
// under the key's bucket, too.

// rawOf is what all decisions of a snapshot are taken from; nil where they can't be kept: where
// they depend on the time, on a secret in a cookie, on nodes that each request means, on what a
// header has already, or on the bypass of a gate that is closed for all.
func rawOf(s *snapshot) *request.Raw {
	d, raw := s.decider, &request.Raw{}
	if len(d.cookies) > 0 {
		return nil
	}
	for _, g := range d.gates {
		constant := g.evaluator.constant()
		if g.bypass != nil && constant != nil && isClosedBy(g.gate, constant) {
			return nil
		}
	}
	for _, h := range d.headers {
		if h.evaluator == nil || !isWorkedOutBefore(h.rule) {
			return nil
		}
	}
	for _, e := range evaluatorsOf(d) {
		own := rawOfFlag(e, d)
		if own == nil || d.isAging(e) {
			return nil
		}
		raw = raw.Join(own)
	}
	return raw
}

// rawOfFlag is what a flag's decisions are taken from; nil where they can't be kept.
func rawOfFlag(e *evaluator, d *decider) *request.Raw {
	p := e.prepared
	if p == nil || p.needsWholeContext || len(p.wholes) > 0 || p.set != nil && p.set.DependsOnTime(e.key) {
		return nil
	}
	if p.constant != nil {
		return &request.Raw{}
	}
	return request.RawOf(p.attributes, d.managed)
}

// bucketsOf are the buckets that all decisions go by to which requests make a difference; nil
// where there are other flags among them, or too many buckets.
func bucketsOf(s *snapshot) *memo.Buckets {
	var splits []*flag.Split
	var key *request.Attribute
	count := 1
	for _, e := range evaluatorsOf(s.decider) {
		p := e.prepared
		if p.constant != nil {
			continue
		}
		split := flag.SplitOf(p.set, e.key)
		if split == nil || len(p.attributes) != 1 {
			return nil
		}
		count = count * split.Buckets
		if count > memo.MostBuckets {
			return nil
		}
		splits = append(splits, split)
		key = p.attributes[0]
	}
	if len(splits) == 0 {
		return nil
	}
	return memo.BucketsOf(splits, key, s.decider.managed)
}

// evaluatorsOf are those of all flags.
func evaluatorsOf(d *decider) []*evaluator {
	var all []*evaluator
	for _, g := range d.gates {
		all = append(all, g.evaluator)
	}
	for _, h := range d.headers {
		all = append(all, h.evaluator)
	}
	return all
}

// An outcomes has the handlers that come of decisions in front of one service.
type outcomes struct {
	snapshot *snapshot
	next     http.Handler
	decides  http.HandlerFunc // decides anew

	mu       sync.Mutex
	handlers map[string]http.Handler // by what makes the outcomes differ; nil before the first one
}

// mostOutcomes is how many handlers are made. Most flags have a few outcomes; one that makes a
// text of what clients send has as many as they like.
const mostOutcomes = 64

// HandlerFor is the handler of all requests that are taken for the same as this one. Where they
// don't get the same, or there are too many outcomes, it decides anew.
func (o *outcomes) HandlerFor(r *http.Request) http.Handler {
	outcome, name := decidedFor(o.snapshot, &request.Reader{Request: r, Managed: o.snapshot.decider.managed})
	if outcome == nil {
		return asHandler(o.decides)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	known := o.handlers[name]
	switch {
	case known != nil:
		return known
	case len(o.handlers) >= mostOutcomes:
		return asHandler(o.decides)
	}
	if o.handlers == nil {
		o.handlers = map[string]http.Handler{}
	}
	known = detachedOutcome(outcome, o.snapshot.decider.rules.DecisionHeader, o.next)
	o.handlers[name] = known
	return known
}

// keptBefore is for a snapshot whose outcomes are kept.
func keptBefore(to *Builder, o *outcomes, pages map[string]http.Handler) http.HandlerFunc {
	return memo.Handler(&memo.Keeper{Memo: memo.New(to.budget), Raw: to.raw, Buckets: to.buckets, Pages: pages, Outcomes: o, Anew: o.decides})
}

// outcomeHandler is the handler of an outcome in front of a service.
func outcomeHandler(outcome *snapshot, decisionHeader string, next http.Handler) http.Handler {
	u := uniformOf(outcome, decisionHeader)
	if u.isEmpty() {
		return next
	}
	return asHandler(uniformHandler(u, next))
}
