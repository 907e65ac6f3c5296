package serve

import (
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A decision that goes by a few texts of the request is kept for the requests that have the
// same ones, as long as the snapshot is in force: the handler of those requests stands in a
// table under the texts.

// rawOf is what all decisions of a snapshot are taken from; nil where they can't be kept: where
// they depend on the time, on a secret in a cookie, on nodes that each request means, on what a
// header has already, or on the bypass of a gate that is closed for all.
func rawOf(s *snapshot) *request.Raw {
	d, raw := s.decider, &request.Raw{}
	if len(d.cookies) > 0 {
		return nil
	}
	var all []*evaluator
	for _, g := range d.gates {
		constant := g.evaluator.constant()
		if g.bypass != nil && constant != nil && isClosedBy(g.gate, constant) {
			return nil
		}
		all = append(all, g.evaluator)
	}
	for _, h := range d.headers {
		if h.evaluator == nil || !isWorkedOutBefore(h.rule) {
			return nil
		}
		all = append(all, h.evaluator)
	}
	for _, e := range all {
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

// A keeper decides about requests in front of one service, and keeps what comes of them.
type keeper struct {
	memo     *memo.Memo
	raw      *request.Raw
	snapshot *snapshot
	next     http.Handler
	decides  http.HandlerFunc        // decides anew
	pages    map[string]http.Handler // by paths, that are to be looked for first; nil for none

	mu       sync.Mutex
	handlers map[string]http.Handler // by what makes their outcomes differ; nil before the first one
}

// mostOutcomes is how many handlers a keeper makes. Most flags have a few outcomes; one that
// makes a text of what clients send has as many as they like.
const mostOutcomes = 64

// memoized serves what is kept, and leaves the rest to decideAnew.
func memoized(k *keeper) http.HandlerFunc {
	switch {
	case !published.ReadInPlace():
		return memoizedByKey(k)
	case k.raw.OnlyHeader() == "":
		return memoizedByTexts(k, tableOf(k.memo.Table))
	case k.pages != nil:
		return memoizedWithPages(k, k.raw.OnlyHeader(), tableOf(k.memo.Table))
	case k.raw.Whole[0]:
		return memoizedByOnlyLine(k, k.raw.OnlyHeader(), tableOf(k.memo.Table))
	}
	return memoizedByHeader(k, k.raw.OnlyHeader(), tableOf(k.memo.Table))
}

func tableOf(current *atomic.Value) *map[string]http.Handler {
	return published.WordOf(current).(*map[string]http.Handler)
}

// memoizedByKey is for the compiled program.
func memoizedByKey(k *keeper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { decideAnew(k, w, r) }
}

// memoizedByHeader is for decisions that go by the first line of a header.
func memoizedByHeader(k *keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	learns, decides := k.memo.Learns, k.decides
	return func(w http.ResponseWriter, r *http.Request) {
		for _, line := range r.Header[name] {
			known := (*table)[line]
			if known != nil {
				known.ServeHTTP(w, r)
				return
			}
			//lint:ignore SA4004 the first line counts, and a loop takes fewer steps than lines[0]
			break
		}
		if r.Header[name] == nil || learns.Load() {
			decideAnew(k, w, r)
			return
		}
		decides(w, r)
	}
}

// memoizedByOnlyLine is for decisions that go by all lines of a header, as by cookies.
func memoizedByOnlyLine(k *keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	learns, decides := k.memo.Learns, k.decides
	return func(w http.ResponseWriter, r *http.Request) {
		lines := r.Header[name]
		if len(lines) == 1 {
			known := (*table)[lines[0]]
			if known != nil {
				known.ServeHTTP(w, r)
				return
			}
		}
		if len(lines) == 0 || learns.Load() {
			decideAnew(k, w, r)
			return
		}
		decides(w, r)
	}
}

// memoizedWithPages is memoizedByHeader and memoizedByOnlyLine, with pages that are looked for
// first.
func memoizedWithPages(k *keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	pages, learns, decides := k.pages, k.memo.Learns, k.decides
	return func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Path]
		if page != nil {
			page.ServeHTTP(w, r)
			return
		}
		lines := r.Header[name]
		if len(lines) == 1 {
			known := (*table)[lines[0]]
			if known != nil {
				known.ServeHTTP(w, r)
				return
			}
		}
		if len(lines) != 1 || learns.Load() {
			decideAnew(k, w, r)
			return
		}
		decides(w, r)
	}
}

// memoizedByTexts is for decisions that go by several texts. For odd requests, decideAnew finds
// them in the table.
//
// Yaegi: it has request.KeyFrom written out, since a call takes longer.
func memoizedByTexts(k *keeper, table *map[string]http.Handler) http.HandlerFunc {
	raw, names, marks, separator, longest := k.raw, k.raw.Headers, k.raw.Marks, request.PlaceSeparator, request.LongestRaw
	byRemote, unless, byMethod, byHost, byQuery, byRawPath, byPath := raw.Remote, raw.UnlessHeader, raw.Method, raw.Host, raw.Query, raw.RawPath, raw.Path
	return func(w http.ResponseWriter, r *http.Request) {
		key := ""
		for i, name := range names {
			lines := r.Header[name]
			if len(lines) == 1 && len(lines[0]) <= longest {
				key = key + marks[i] + lines[0]
			} else if lines != nil {
				decideAnew(k, w, r)
				return
			}
		}
		if byRemote && r.Header[unless] == nil {
			decideAnew(k, w, r)
			return
		}
		if byMethod {
			key = key + separator + r.Method
		}
		if byHost {
			key = key + separator + r.Host
		}
		if byQuery {
			key = key + separator + r.URL.RawQuery
		}
		if byRawPath {
			key = key + separator + r.URL.RawPath
		}
		if byPath {
			key = key + separator + r.URL.Path
		}
		known := (*table)[key]
		if known != nil {
			known.ServeHTTP(w, r)
			return
		}
		decideAnew(k, w, r)
	}
}

// decideAnew serves a request that nobody has found in the table. It looks there, too: for a
// request without a header, that header is empty.
func decideAnew(k *keeper, w http.ResponseWriter, r *http.Request) {
	key, isWhole := request.KeyFrom(k.raw, r)
	if !isWhole {
		k.decides(w, r)
		return
	}
	known := k.memo.Table.Load().(map[string]http.Handler)[key]
	if known == nil {
		known = keptFor(k, key, r)
	}
	if known == nil {
		k.decides(w, r)
		return
	}
	known.ServeHTTP(w, r)
}

// keptFor is the handler of a request that isn't in the table; nil where none is kept.
func keptFor(k *keeper, key string, r *http.Request) http.Handler {
	kept, advice := memo.Find(k.memo, key)
	switch {
	case kept != nil:
		return kept.Handler
	case advice == memo.Spent:
		memo.Forget(k.memo)
		return nil
	case advice != memo.Wanted:
		return nil
	}
	handler := handlerOf(k, &request.Reader{Request: r, Managed: k.snapshot.decider.managed})
	memo.Keep(k.memo, key, &memo.Kept{Handler: handler})
	return handler
}

// handlerOf is the handler of all requests that are taken for the same as this one. Where they
// don't get the same, or there are too many outcomes, it decides anew.
func handlerOf(k *keeper, reader *request.Reader) http.Handler {
	outcome, name := decidedFor(k.snapshot, reader)
	if outcome == nil {
		return asHandler(k.decides)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	known := k.handlers[name]
	switch {
	case known != nil:
		return known
	case len(k.handlers) >= mostOutcomes:
		return asHandler(k.decides)
	}
	if k.handlers == nil {
		k.handlers = map[string]http.Handler{}
	}
	known = detachedOutcome(outcome, k.snapshot.decider.rules.DecisionHeader, k.next)
	k.handlers[name] = known
	return known
}

// outcomeHandler is the handler of an outcome in front of a service.
func outcomeHandler(outcome *snapshot, decisionHeader string, next http.Handler) http.Handler {
	u := uniformOf(outcome, decisionHeader)
	if u.isEmpty() {
		return next
	}
	return asHandler(uniformHandler(u, next))
}
