package serve

import (
	"net/http"

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

// statusPages are what answers requests for the status, by their paths; nil where nobody does.
func statusPages(page *rules.StatusPage, answer StatusHandler) map[string]http.Handler {
	if page == nil {
		return nil
	}
	pages := map[string]http.Handler{}
	for _, subpath := range []string{"", "/ready", "/metrics"} {
		pages[page.Path+subpath] = statusPageOf(answer, &StatusRequest{Subpath: subpath, HideValues: page.HidesValues})
	}
	return pages
}

func statusPageOf(answer StatusHandler, asked *StatusRequest) http.Handler {
	return asHandler(func(w http.ResponseWriter, r *http.Request) { answer(w, r, asked) })
}

// pagesBefore leaves requests for pages to these, and the others to a handler.
func pagesBefore(next http.Handler, pages map[string]http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Path]
		if page != nil {
			page.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}
}
