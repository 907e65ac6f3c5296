package memo

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A Keeper has what is kept of requests in front of one service.
type Keeper struct {
	Memo     *Memo
	Raw      *request.Raw            // what requests are told apart by
	Buckets  *Buckets                // where shares are all that makes a difference; nil otherwise
	Pages    map[string]http.Handler // by paths, that are to be looked for first; nil for none
	Outcomes Outcomes
	Anew     http.HandlerFunc // serves requests that nothing is kept for
	byBucket *atomic.Value    // of a map[int]http.Handler, which never changes; nil without buckets
}

// Outcomes are what comes of requests.
type Outcomes interface {
	// HandlerFor is the handler of all requests that are taken for the same as this one.
	HandlerFor(r *http.Request) http.Handler
}

// Handler serves what is kept, and leaves the rest to serveUnknown.
func Handler(k *Keeper) http.HandlerFunc {
	if k.Buckets != nil {
		k.byBucket = &atomic.Value{}
		k.byBucket.Store(noBuckets)
	}
	switch {
	case !published.ReadInPlace():
		return byKey(k)
	case k.Raw.RawPath || k.Raw.Remote && k.Raw.HasPlace():
		return byKey(k)
	case k.Raw.HasPlace():
		return byPlaces(k, tableOf(k.Memo.Table))
	case k.Raw.OnlyHeader() == "":
		return byHeaders(k, tableOf(k.Memo.Table))
	case k.Pages != nil:
		return withPages(k, k.Raw.OnlyHeader(), tableOf(k.Memo.Table))
	case k.Raw.Whole[0]:
		return byOnlyLine(k, k.Raw.OnlyHeader(), tableOf(k.Memo.Table))
	}
	return byHeader(k, k.Raw.OnlyHeader(), tableOf(k.Memo.Table))
}

func tableOf(current *atomic.Value) *map[string]http.Handler {
	return published.WordOf(current).(*map[string]http.Handler)
}

// byKey is for the compiled program, and for what is rare.
func byKey(k *Keeper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { serveUnknown(k, w, r) }
}

// byHeader is for decisions that go by the first line of a header.
func byHeader(k *Keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, line := range r.Header[name] {
			known := (*table)[line]
			if known != nil {
				known.ServeHTTP(w, r)
			} else {
				serveNew(k, line, w, r)
			}
			//lint:ignore SA4004 the first line counts, and a loop takes fewer steps than lines[0]
			return
		}
		serveUnknown(k, w, r)
	}
}

// byOnlyLine is for decisions that go by all lines of a header, as by cookies.
func byOnlyLine(k *Keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lines := r.Header[name]
		if len(lines) != 1 {
			serveUnknown(k, w, r)
			return
		}
		known := (*table)[lines[0]]
		if known != nil {
			known.ServeHTTP(w, r)
		} else {
			serveNew(k, lines[0], w, r)
		}
	}
}

// IsByOneHeader tells whether decisions go by one header, so that their handler can look for
// pages.
func IsByOneHeader(raw *request.Raw) bool { return published.ReadInPlace() && raw.OnlyHeader() != "" }

// withPages is byOnlyLine with pages that are looked for first. It is for decisions by the first
// line of a header, too.
func withPages(k *Keeper, name string, table *map[string]http.Handler) http.HandlerFunc {
	pages := k.Pages
	return func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Path]
		if page != nil {
			page.ServeHTTP(w, r)
			return
		}
		lines := r.Header[name]
		if len(lines) != 1 {
			serveUnknown(k, w, r)
			return
		}
		known := (*table)[lines[0]]
		if known != nil {
			known.ServeHTTP(w, r)
		} else {
			serveNew(k, lines[0], w, r)
		}
	}
}

// byHeaders is for decisions that go by several headers. For odd requests, serveUnknown finds
// them in the table.
//
// Yaegi: it has request.KeyFrom written out, since a call takes longer. What it doesn't have
// stands in byPlaces and byKey: a function costs by its length, whatever of it is reached.
func byHeaders(k *Keeper, table *map[string]http.Handler) http.HandlerFunc {
	names, marks, most, byRemote, unless := k.Raw.Headers, k.Raw.Marks, uint(request.LongestRaw), k.Raw.Remote, k.Raw.UnlessHeader
	return func(w http.ResponseWriter, r *http.Request) {
		header, key := r.Header, ""
		for i, name := range names {
			lines := header[name]
			if len(lines) == 1 && uint(len(lines[0])-1) < most { // neither empty nor too long
				key = key + marks[i] + lines[0]
			} else if lines != nil {
				serveUnknown(k, w, r)
				return
			}
		}
		if byRemote && header[unless] == nil {
			serveUnknown(k, w, r)
			return
		}
		known := (*table)[key]
		if known != nil {
			known.ServeHTTP(w, r)
			return
		}
		serveNew(k, key, w, r)
	}
}

// byPlaces is byHeaders where what the request is for counts as well, and the other end of its
// connection doesn't.
func byPlaces(k *Keeper, table *map[string]http.Handler) http.HandlerFunc {
	names, marks, separator, longest := k.Raw.Headers, k.Raw.Marks, request.PlaceSeparator, request.LongestRaw
	byMethod, byHost, byQuery, byPath := k.Raw.Method, k.Raw.Host, k.Raw.Query, k.Raw.Path
	return func(w http.ResponseWriter, r *http.Request) {
		host, query, path := r.Host, r.URL.RawQuery, r.URL.Path
		if len(host) > longest || len(query) > longest || len(path) > longest || len(r.Method) > longest {
			serveUnknown(k, w, r)
			return
		}
		header, key := r.Header, ""
		for i, name := range names {
			lines := header[name]
			if len(lines) == 1 && len(lines[0]) <= longest {
				key = key + marks[i] + lines[0]
			} else if lines != nil {
				serveUnknown(k, w, r)
				return
			}
		}
		if byMethod {
			key = key + separator + r.Method
		}
		if byHost {
			key = key + separator + host
		}
		if byQuery {
			key = key + separator + query
		}
		if byPath {
			key = key + separator + path
		}
		known := (*table)[key]
		if known != nil {
			known.ServeHTTP(w, r)
			return
		}
		serveNew(k, key, w, r)
	}
}

// serveUnknown serves a request that nobody has looked for in the table.
func serveUnknown(k *Keeper, w http.ResponseWriter, r *http.Request) {
	key, isWhole := request.KeyFrom(k.Raw, r)
	if !isWhole {
		serveAnew(k, w, r)
		return
	}
	known := k.Memo.Table.Load().(map[string]http.Handler)[key]
	if known != nil {
		known.ServeHTTP(w, r)
		return
	}
	serveNew(k, key, w, r)
}

// serveNew serves a request whose key isn't in the table.
func serveNew(k *Keeper, key string, w http.ResponseWriter, r *http.Request) {
	if !k.Memo.Learns.Load() {
		serveAnew(k, w, r)
		return
	}
	kept, advice := Find(k.Memo, key)
	switch {
	case kept != nil:
		kept.Handler.ServeHTTP(w, r)
		return
	case advice == Spent:
		Forget(k.Memo)
	case advice == Wanted:
		handler := k.Outcomes.HandlerFor(r)
		Keep(k.Memo, key, &Kept{Handler: handler})
		handler.ServeHTTP(w, r)
		return
	}
	serveAnew(k, w, r)
}

// serveAnew serves a request that nothing is kept for under its texts.
func serveAnew(k *Keeper, w http.ResponseWriter, r *http.Request) {
	if k.Buckets != nil {
		serveByBucket(k, w, r)
	} else {
		k.Anew(w, r)
	}
}
