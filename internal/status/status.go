// Package status shows what the plugin does in the process, on the routers whose
// middleware has a statusPath: as a page for people, as JSON, as metrics for Prometheus,
// and as an answer for readiness probes. It draws the reports of the other packages and
// decides nothing.
package status

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// A Handler answers requests for the status, from what its source says at the time. It
// may be used from any goroutine.
type Handler struct {
	source *Source
}

// A Source is where a handler gets what it shows. Its functions are called for each
// request, from any goroutine.
type Source struct {
	Clusters      func(wanted *cache.NodeSelection) []*clusters.Report
	Middlewares   func(wanted *middleware.NameSelection) *middleware.List
	Missing       func() []*serve.MissingValue
	Misconfigured func() []*middleware.Misconfigured
	Decisions     func() []*counters.DecisionCount
	Closed        func() []*serve.ClosedCount
	Misfits       func() []*serve.Misfit
	Variants      func() []*counters.VariantCount
	Panics        func() int64
}

// New returns a handler for all requests of the process.
func New(source *Source) *Handler { return &Handler{source: source} }

// A selection is what a request wants to see of the status.
type selection struct {
	nodePrefix       string // of the nodes' paths
	middlewarePrefix string // of the middlewares' names
	pageName         string // the last part of the page's path
	hideValues       bool   // the page says so where a value would stand
}

// maxListed is how many nodes of a cluster are in a report, and how many middlewares.
const maxListed = 200

// ServeStatus answers a request that came to a status page.
func (h *Handler) ServeStatus(w http.ResponseWriter, r *http.Request, asked *serve.StatusRequest) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the status is to be read only: GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	seen := &view{source: h.source, hideValues: asked.HideValues}
	switch asked.Subpath {
	case "/ready":
		serveReady(w, seen)
		return
	case "/metrics":
		serveMetrics(w, seen)
		return
	}
	header.Set("Vary", "Accept")
	query := r.URL.Query()
	wanted := &selection{nodePrefix: query.Get("path"), middlewarePrefix: query.Get("middleware"), pageName: path.Base(r.URL.Path), hideValues: asked.HideValues}
	switch format := statusFormat(r); format {
	case "json":
		serveJSON(w, reportOf(seen, wanted))
	case "prometheus":
		serveMetrics(w, seen)
	case "html":
		servePage(w, reportOf(seen, wanted), wanted)
	default:
		http.Error(w, "format="+url.QueryEscape(format)+": html, json or prometheus is expected here", http.StatusBadRequest)
	}
}

// statusFormat is the format that a request asks for, by its query or what it accepts.
func statusFormat(r *http.Request) string {
	format := r.URL.Query().Get("format")
	if format == "" && request.PrefersJSON(r.Header["Accept"], "text/html") {
		return "json"
	}
	if format == "" {
		return "html"
	}
	return format
}

func serveJSON(w http.ResponseWriter, report *statusJSON) {
	encoded, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(encoded, '\n'))
}

// serveReady answers probes. The answer is 200 where every value that is read has been
// loaded, and none is older than maxStale allows. A ZooKeeper that is away makes no
// difference by itself, since requests go on with the values that are known.
func serveReady(w http.ResponseWriter, seen *view) {
	waiting := missingLines(seen.missing())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(waiting) == 0 {
		w.Write([]byte("ready\n"))
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(strings.Join(waiting, "\n") + "\n"))
}
