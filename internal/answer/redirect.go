package answer

import (
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A gate that sends clients to a page which it guards itself would send them round in
// circles. So it answers requests for that page with 503.

// unlessLooping is the answer, or 503 where the request is for the page that the answer
// redirects to. The log says so once.
func unlessLooping(answer *rules.Refusal, r *http.Request) *rules.Refusal {
	to := answer.Redirect
	if !rules.LeadsBack(to, r) {
		return answer
	}
	if to.Noted != nil && to.Noted.CompareAndSwap(false, true) {
		log.Middleware(log.LevelError, to.Middleware, "%s", rules.LoopText(to))
	}
	instead := UnavailableFor(answer.DecisionHeader)
	instead.Decisions = answer.Decisions
	instead.Headers = map[string][]string{}
	for name, value := range answer.Headers {
		if name != "Location" {
			instead.Headers[name] = value
		}
	}
	return instead
}
