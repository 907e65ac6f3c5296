// Package serve makes the handlers that requests come to. It binds the rules of a
// middleware to the nodes that they read, takes a snapshot of what these show, and builds
// a handler from that in front of each service: one that sets headers, refuses, or decides
// about each request. A request meets nothing that wasn't prepared before.
package serve

import (
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/headerplan"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A Builder builds the handlers in front of services, from one snapshot for all of them.
// What is the same for all services is worked out once.
type Builder struct {
	uniform *uniform                // where no request makes a difference; nil where some do
	late    *snapshot               // where they do
	raw     *request.Raw            // what it is decided by, where outcomes are kept; nil where they aren't
	budget  *memo.Budget            // of the outcomes
	secrets []string                // headers whose lines the gates behind want to know
	cells   []*int64                // counters of what is the same for all requests
	pages   map[string]http.Handler // the status, by its paths; nil for none
	note    *undefinedNote          // nil where all clusters of gates are defined
}

// NewBuilder takes a snapshot of the rules as they are now. It is called with the lock
// of their instance, and notes in expiry when a value will be too old, so that another
// builder is wanted then.
func NewBuilder(b *BoundRules, expiry *input.Expiry) *Builder {
	return builderFor(snapshotOf(b, expiry), b)
}

// builderFor prepares handlers with the steps that this snapshot needs and no others,
// since a step costs time with every request, taken or not.
func builderFor(s *snapshot, b *BoundRules) *Builder {
	to := &Builder{secrets: b.rules.SecretHeaders, pages: statusPages(b.rules.StatusPage, b.status)}
	if s.isUndefined {
		to.note = b.undefined
	}
	if s.refusal != nil || s.decider == nil {
		to.uniform = uniformOf(s, b.rules.DecisionHeader)
		return to
	}
	to.late = s
	to.cells = s.cells
	to.raw = rawOf(s)
	if to.raw != nil {
		to.budget = memo.NewBudget()
	}
	return to
}

// WaitingHandler is for the time when there is no snapshot yet. The handler that it is
// given gets all requests other than those for the status.
//
// Yaegi: its caller has no caller, since the handler would keep the frames of all.
func WaitingHandler(waiting http.HandlerFunc, b *BoundRules) http.HandlerFunc {
	pages := statusPages(b.rules.StatusPage, b.status)
	if pages == nil {
		return waiting
	}
	return pagesBefore(asHandler(waiting), pages)
}

// HandlerFor builds the handler in front of a service.
//
// Yaegi: it is a function, since a method takes six times as long, and it is called for
// each router with each change of a node.
func HandlerFor(to *Builder, next http.Handler) http.HandlerFunc { return detachedHandler(to, next) }

func buildHandler(to *Builder, next http.Handler) http.HandlerFunc {
	switch {
	case to.pages == nil:
		return handlerBefore(to, next)
	case !looksForPages(to):
		return pagesBefore(asHandler(handlerBefore(to, next)), to.pages)
	case to.uniform != nil:
		return headerplan.WithPages(next, to.uniform.plan, to.pages)
	}
	return lateBefore(next, to, to.pages)
}

// looksForPages tells whether the handler is one of the commonest, which look for pages
// themselves.
//
// Yaegi: a handler in front of another one costs as much as most handlers do.
func looksForPages(to *Builder) bool {
	if to.note != nil || len(to.secrets)+len(to.cells) > 0 {
		return false
	}
	if to.uniform != nil {
		return to.uniform.isPlanAlone()
	}
	return to.raw != nil && to.raw.OnlyHeader() != "" && published.ReadInPlace()
}

func handlerBefore(to *Builder, next http.Handler) http.HandlerFunc {
	handler := decidedBefore(to, next)
	if to.note != nil {
		handler = noteBefore(handler, to.note)
	}
	return handler
}

func decidedBefore(to *Builder, next http.Handler) http.HandlerFunc {
	if to.uniform != nil && (len(to.secrets) == 0 || to.uniform.refusal != nil) {
		return uniformHandler(to.uniform, next)
	}
	if to.uniform != nil {
		return keepSecretsBefore(uniformHandler(to.uniform, next), to.secrets)
	}
	handler := lateBefore(next, to, nil)
	if len(to.secrets) > 0 {
		handler = keepSecretsBefore(handler, to.secrets)
	}
	return countedBefore(handler, to.cells)
}

// lateBefore is for a snapshot that requests make a difference to. Where there are pages, the
// handler looks for them.
func lateBefore(next http.Handler, to *Builder, pages map[string]http.Handler) http.HandlerFunc {
	behind := next
	if len(to.late.tabled) > 0 {
		behind = asHandler(lookup.Before(next, to.late.tabled))
	}
	if len(to.late.passed) > 0 {
		behind = asHandler(counters.Before(behind, to.late.passed))
	}
	decides := detachedDecides(behind, to.late)
	if to.raw == nil {
		return decides
	}
	return detachedMemoized(&keeper{memo: memo.New(to.budget), raw: to.raw, snapshot: to.late, next: next, decides: decides, pages: pages})
}

// Yaegi: conversions to interfaces have a function of their own.
func asHandler(f http.HandlerFunc) http.Handler { return f }

// keepSecretsBefore has the gates of other middlewares behind know of the secrets that are
// taken out of a request.
func keepSecretsBefore(handler http.HandlerFunc, names []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request.KeepSecrets(r, names)
		handler(w, r)
	}
}

// decideBefore is for whatever a snapshot can have.
func decideBefore(next http.Handler, s *snapshot) http.HandlerFunc {
	d, setsSame := s.decider, len(s.names)+len(s.removed) > 0
	if s.response != nil || d.setsResponse() {
		return decideAndRespondBefore(next, s)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if !decide(d, w, r, nil) {
			return
		}
		if setsSame {
			setSame(s, r.Header)
		}
		next.ServeHTTP(w, r)
	}
}

// decideAndRespondBefore is decideBefore for a snapshot with headers of the response.
func decideAndRespondBefore(next http.Handler, s *snapshot) http.HandlerFunc {
	d, setsLate := s.decider, s.decider.setsResponse()
	return func(w http.ResponseWriter, r *http.Request) {
		var late *answer.Headers
		if setsLate {
			late = &answer.Headers{}
		}
		if !decide(d, w, r, late) {
			return
		}
		setSame(s, r.Header)
		answer.Serve(next, w, r, s.response, late)
	}
}

// setSame sets the request's headers that are the same for all.
func setSame(s *snapshot, header http.Header) {
	for _, name := range s.removed {
		delete(header, name)
	}
	for i, name := range s.names {
		header[name] = s.values[i]
	}
}
