package serve

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
)

// A gate whose cluster nobody has defined can't know its flag, and nothing says that it
// ever will: that is a mistake in the configuration, and its default isn't meant for it. So
// it is closed. A cluster that is defined and can't be reached is another matter.

// An undefinedNote tells somebody, once, that requests are answered without a cluster.
type undefinedNote struct {
	tell   func() // nil where nobody wants to know
	isTold atomic.Bool
}

// OnUndefined has a function called before the first request that is answered while
// nobody has defined the cluster of a gate. It is called for that request.
func (b *BoundRules) OnUndefined(tell func()) { b.undefined.tell = tell }

// isUndefined tells whether nobody has defined the cluster of a gate. A middleware that
// defines the cluster itself may have to wait until its definition counts.
func (b *BoundRules) isUndefined(gate int) bool {
	in := b.gates[gate]
	if in.HasCluster() {
		return false
	}
	return b.rules.Clusters[in.Source.Cluster] == nil
}

// gateEvaluator is the evaluator of a gate's flag. It has the value that the flag has
// where there is none.
func gateEvaluator(b *BoundRules, gate int, isUndefined bool, expiry *input.Expiry) *evaluator {
	g := b.rules.Gates[gate]
	reader := readerOf(b, b.gates[gate], "gate "+g.Label)
	reader.IsGate = true
	if isUndefined {
		return newEvaluator(b.gates[gate], nil, reader, expiry)
	}
	return newEvaluator(b.gates[gate], g.Fallback, reader, expiry)
}

// noteBefore tells of requests that come while a gate's cluster isn't defined.
func noteBefore(handler http.HandlerFunc, note *undefinedNote) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if note.tell != nil && note.isTold.CompareAndSwap(false, true) {
			note.tell()
		}
		handler(w, r)
	}
}

// ReadsFrom tells whether the rules have a cluster of that name to read from.
func (b *BoundRules) ReadsFrom(cluster string) bool {
	for _, in := range b.Inputs() {
		if in.Source.Cluster == cluster && in.IsBound() {
			return true
		}
	}
	return false
}
