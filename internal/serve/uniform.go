package serve

import (
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/headerplan"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lookup"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A uniform is what is done with requests that make no difference, in the steps that it needs
// and no others, since a step costs time with every request, taken or not.
type uniform struct {
	refusal        *rules.Refusal   // nil where requests go on
	cells          []*int64         // counters
	plan           *headerplan.Plan // for headers of the request; nil for none
	tabled         []*lookup.Tabled // headers of the request whose lines are in tables
	removed        string           // a header to remove with the first of these; empty for none
	response       *answer.Headers  // headers of the response; nil for none
	decisionHeader string           // empty for none
	decisions      string           // what it says
}

// uniformOf prepares the steps of a snapshot to which requests make no difference.
func uniformOf(s *snapshot, decisionHeader string) *uniform {
	if s.refusal != nil {
		return &uniform{refusal: s.refusal, cells: s.cells}
	}
	u := &uniform{
		cells: append(append([]*int64{}, s.cells...), s.passed...), response: s.response, tabled: s.tabled, decisionHeader: decisionHeader, decisions: s.decisions,
	}
	if len(s.tabled) > 0 && len(s.names) == 0 && len(s.removed) == 1 {
		u.removed = s.removed[0]
	} else {
		u.plan = headerplan.Of(&headerplan.Wanted{Names: s.names, Values: s.values, Removed: s.removed})
	}
	return u
}

// isEmpty tells whether there is nothing to do.
func (u *uniform) isEmpty() bool {
	return u.refusal == nil && len(u.cells) == 0 && u.plan == nil && len(u.tabled) == 0 && u.response == nil && u.decisionHeader == ""
}

// uniformHandler does all that in front of a service.
func uniformHandler(u *uniform, next http.Handler) http.HandlerFunc {
	handler := headersBefore(u, next)
	if u.decisionHeader != "" {
		handler = noteDecisionsBefore(handler, u.decisionHeader, u.decisions)
	}
	if len(u.cells) > 0 {
		handler = counters.Before(handler, u.cells)
	}
	return handler
}

func headersBefore(u *uniform, next http.Handler) http.HandlerFunc {
	if u.refusal != nil {
		return answer.RefusalHandler(u.refusal)
	}
	if len(u.tabled) == 0 {
		return otherHeadersBefore(u, next)
	}
	handler := lookup.Before(next, u.tabled, u.removed)
	if u.response == nil && u.plan == nil {
		return handler
	}
	return otherHeadersBefore(u, asHandler(handler))
}

// otherHeadersBefore is for the headers that are the same for all.
func otherHeadersBefore(u *uniform, next http.Handler) http.HandlerFunc {
	switch {
	case u.response != nil && u.plan != nil:
		return headerplan.Before(answer.SetBefore(next, u.response), u.plan)
	case u.response != nil:
		return answer.SetBefore(next, u.response)
	case u.plan != nil:
		return headerplan.Before(next, u.plan)
	}
	return http.HandlerFunc(next.ServeHTTP)
}
