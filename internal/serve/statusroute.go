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
		subpath, isStatus := strings.CutPrefix(r.URL.Path, at)
		if !isStatus || subpath != "" && subpath != "/ready" && subpath != "/metrics" {
			handler(w, r)
			return
		}
		answerStatus(to, w, r, subpath)
	}
}

func answerStatus(to *statusRoute, w http.ResponseWriter, r *http.Request, subpath string) {
	to.answer(w, r, &StatusRequest{Subpath: subpath, HideValues: to.page.HidesValues})
}
