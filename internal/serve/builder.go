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
	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A Builder builds the handlers in front of services, from one snapshot for all of them.
// What is the same for all services is worked out once.
type Builder struct {
	forAll   http.HandlerFunc  // where no request goes on; nil where some do
	late     *snapshot         // where the request makes a difference; nil where none does
	raw      *request.Raw      // what it is decided by, where outcomes are kept; nil where they aren't
	kept     *memo.Memo        // of the outcomes, for all services; nil where none are kept
	plan     *headerplan.Plan  // for headers of the request; nil for none
	response *answer.Headers   // headers of the response; nil for none
	secrets  []string          // headers whose lines the gates behind want to know
	cells    []*int64          // counters of what is the same for all requests
	passed   []*int64          // counters of what is the same for all that are decided to go on
	page     *rules.StatusPage // nil for none
	status   StatusHandler     // answers there
	note     *undefinedNote    // nil where all clusters of gates are defined

	decisionHeader string // where it says the same of all requests; empty for none
	decisions      string // what it says then
}

// NewBuilder takes a snapshot of the rules as they are now. It is called with the lock
// of their instance, and notes in expiry when a value will be too old, so that another
// builder is wanted then.
func NewBuilder(b *BoundRules, expiry *Expiry) *Builder { return builderFor(snapshotOf(b, expiry), b) }

// builderFor prepares handlers with the steps that this snapshot needs and no others,
// since a step costs time with every request, taken or not.
func builderFor(s *snapshot, b *BoundRules) *Builder {
	to := &Builder{secrets: b.rules.SecretHeaders, cells: s.cells, page: b.rules.StatusPage, status: b.status}
	if s.isUndefined {
		to.note = b.undefined
	}
	switch {
	case s.refusal != nil:
		to.forAll = answer.RefusalHandler(s.refusal)
	case s.decider != nil:
		to.late = s
		to.raw = rawOf(s)
		if to.raw != nil {
			to.kept = memo.New()
		}
		to.passed = s.passed
	default:
		to.decisionHeader = b.rules.DecisionHeader
		to.decisions = s.decisions
		to.cells = append(to.cells, s.passed...)
		to.response = s.response
		to.plan = headerplan.Of(&headerplan.Wanted{Names: s.names, Values: s.values, Removed: s.removed})
	}
	return to
}

// WaitingHandler is for the time when there is no snapshot yet. The handler that it is
// given gets all requests other than those for the status.
//
// Yaegi: its caller has no caller, since the handler would keep the frames of all.
func WaitingHandler(waiting http.HandlerFunc, b *BoundRules) http.HandlerFunc {
	if b.rules.StatusPage == nil {
		return waiting
	}
	return statusBefore(waiting, b.rules.StatusPage, b.status)
}

// HandlerFor builds the handler in front of a service.
//
// Yaegi: it is a function, since a method takes six times as long, and it is called for
// each router with each change of a node.
func HandlerFor(to *Builder, next http.Handler) http.HandlerFunc { return detachedHandler(to, next) }

func buildHandler(to *Builder, next http.Handler) http.HandlerFunc {
	handler := to.forAll
	if handler == nil {
		handler = handlerBefore(to, next)
		if len(to.secrets) > 0 {
			handler = keepSecretsBefore(handler, to.secrets)
		}
	}
	if to.decisionHeader != "" {
		handler = noteDecisionsBefore(handler, to.decisionHeader, to.decisions)
	}
	if len(to.cells) > 0 {
		handler = counters.Before(handler, to.cells)
	}
	if to.note != nil {
		handler = noteBefore(handler, to.note)
	}
	if to.page != nil {
		handler = statusBefore(handler, to.page, to.status)
	}
	return handler
}

func handlerBefore(to *Builder, next http.Handler) http.HandlerFunc {
	switch {
	case to.late != nil && len(to.passed) > 0:
		return lateBefore(asHandler(counters.Before(next.ServeHTTP, to.passed)), to)
	case to.late != nil:
		return lateBefore(next, to)
	case to.response != nil && to.plan != nil:
		return headerplan.Before(answer.SetBefore(next, to.response), to.plan)
	case to.response != nil:
		return answer.SetBefore(next, to.response)
	case to.plan != nil:
		return headerplan.Before(next, to.plan)
	}
	return http.HandlerFunc(next.ServeHTTP)
}

// lateBefore is for a snapshot that requests make a difference to.
func lateBefore(next http.Handler, to *Builder) http.HandlerFunc {
	decides := decideBefore(next, to.late)
	if to.raw == nil {
		return decides
	}
	keeper := &outcomeKeeper{kept: to.kept, decides: decides, next: next, snapshot: to.late}
	if to.raw.OnlyHeader() != "" && to.late.response == nil && !to.late.decider.setsResponse() {
		return memoizedByHeader(keeper, to.raw.OnlyHeader())
	}
	return memoized(keeper, to.raw)
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
