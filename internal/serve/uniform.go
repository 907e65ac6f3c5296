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
	response       *answer.Headers  // headers of the response; nil for none
	decisionHeader string           // empty for none
	decisions      string           // what it says
	alias          string           // removed with it; empty for none
}

// uniformOf prepares the steps of a snapshot to which requests make no difference.
func uniformOf(s *snapshot, decisionHeader string) *uniform {
	if s.refusal != nil {
		return &uniform{refusal: s.refusal, cells: s.cells}
	}
	u := &uniform{cells: s.cells, response: s.response, tabled: s.tabled, decisionHeader: decisionHeader, decisions: s.decisions}
	if len(s.passed) > 0 {
		u.cells = append(append([]*int64{}, s.cells...), s.passed...)
	}
	removed := s.removed
	if decisionHeader != "" && len(s.names) == 0 && len(removed) == 1 {
		u.alias = removed[0]
		removed = nil
	}
	u.plan = headerplan.Of(&headerplan.Wanted{Names: s.names, Values: s.values, Removed: removed, Lines: s.inPlace})
	return u
}

// isEmpty tells whether there is nothing to do.
func (u *uniform) isEmpty() bool { return u.plan == nil && u.hasPlanAtMost() }

// hasPlanAtMost tells whether there is nothing to do beside the plan.
func (u *uniform) hasPlanAtMost() bool {
	return u.refusal == nil && len(u.cells) == 0 && len(u.tabled) == 0 && u.response == nil && u.decisionHeader == ""
}

// isPlanAlone tells whether headers of the request are all there is, in a plan that looks for
// pages itself.
func (u *uniform) isPlanAlone() bool {
	return u.plan != nil && u.hasPlanAtMost() && u.plan.LooksForPages()
}

// uniformHandler does all that in front of a service.
func uniformHandler(u *uniform, next http.Handler) http.HandlerFunc {
	if u.refusal != nil {
		return countedBefore(answer.RefusalHandler(u.refusal), u.cells)
	}
	var handler http.HandlerFunc // of the steps in front of the service; nil while there are none
	if len(u.tabled) > 0 {
		handler = lookup.Before(next, u.tabled)
		next = asHandler(handler)
	}
	if u.response != nil {
		handler = answer.SetBefore(next, u.response)
		next = asHandler(handler)
	}
	if u.plan != nil {
		handler = headerplan.Before(next, u.plan)
		next = asHandler(handler)
	}
	if u.decisionHeader != "" {
		handler = noteDecisionsBefore(next, u)
		next = asHandler(handler)
	}
	switch {
	case len(u.cells) > 0:
		return counters.Before(next, u.cells)
	case handler != nil:
		return handler
	}
	return http.HandlerFunc(next.ServeHTTP)
}

func countedBefore(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	if len(cells) == 0 {
		return handler
	}
	return counters.Before(asHandler(handler), cells)
}
