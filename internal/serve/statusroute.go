package serve

import (
	"net/http"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A StatusHandler answers a request for the status. Package middleware gets it with each
// middleware, since package status is above both.
type StatusHandler func(w http.ResponseWriter, r *http.Request, asked *StatusRequest)

// A StatusRequest is what is known of a request for the status from its path, and from
// the configuration of the middleware that it came to.
type StatusRequest struct {
	Subpath    string // below the status page: "/ready" or "/metrics", or empty for the page itself
	HideValues bool   // values of nodes must not be in the answer
}

// A statusRoute is where requests for the status come to, and who answers them.
type statusRoute struct {
	page   *rules.StatusPage
	answer StatusHandler
}

// statusBefore answers requests for the status, and leaves the others to a handler.
func statusBefore(handler http.HandlerFunc, page *rules.StatusPage, answer StatusHandler) http.HandlerFunc {
	at, to := page.Path, &statusRoute{page: page, answer: answer}
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, at) || !answerStatus(to, w, r) {
			handler(w, r)
		}
	}
}

// answerStatus tells whether it has answered a request whose path begins with the page's.
func answerStatus(to *statusRoute, w http.ResponseWriter, r *http.Request) bool {
	subpath := r.URL.Path[len(to.page.Path):]
	if subpath != "" && subpath != "/ready" && subpath != "/metrics" {
		return false
	}
	to.answer(w, r, &StatusRequest{Subpath: subpath, HideValues: to.page.HidesValues})
	return true
}
