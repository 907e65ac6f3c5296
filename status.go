package zookeeper

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// A status shows what goes on in the process, on the routers whose middleware has a
// statusPath. What it answers is worked out for each request anew.
type status struct {
	source *statusSource
}

// A statusSource is where a status gets what it shows.
type statusSource struct {
	clusters    func(wanted *nodeSelection) []*clusterReport
	middlewares func(wanted *nameSelection) *middlewareList
	missing     func() []*missingValue
	mistakes    func() []*mistake
	decisions   func() []*decisionCount
	panics      func() int64
}

func newStatus(source *statusSource) *status { return &status{source: source} }

// A selection is what a request wants to see of the status.
type selection struct {
	nodePrefix       string // of the nodes' paths
	middlewarePrefix string // of the middlewares' names
	hideValues       bool
}

// mostListed nodes of a cluster, and middlewares, are in a report.
const mostListed = 200

func (s *status) serve(w http.ResponseWriter, r *http.Request, asked *statusRequest) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the status is to be read only: GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	switch asked.Below {
	case "/ready":
		s.serveReady(w)
		return
	case "/metrics":
		s.serveMetrics(w)
		return
	}
	header.Set("Vary", "Accept")
	query := r.URL.Query()
	wanted := &selection{nodePrefix: query.Get("path"), middlewarePrefix: query.Get("middleware"), hideValues: asked.HideValues}
	switch format := statusFormat(r); format {
	case "json":
		serveJSON(w, s.report(wanted))
	case "prometheus":
		s.serveMetrics(w)
	case "html":
		servePage(w, s.report(wanted), wanted)
	default:
		http.Error(w, "format="+url.QueryEscape(format)+": html, json or prometheus is wanted here", http.StatusBadRequest)
	}
}

func statusFormat(r *http.Request) string {
	format := r.URL.Query().Get("format")
	if format == "" && prefersJSON(r.Header["Accept"], "text/html") {
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

// serveReady is for probes: 200 where every value that is read has been loaded, and
// none is older than maxStale allows. A ZooKeeper that is away alone changes
// nothing, since the values go on serving.
func (s *status) serveReady(w http.ResponseWriter) {
	waiting := missingLines(s.source.missing())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(waiting) == 0 {
		w.Write([]byte("ready\n"))
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(strings.Join(waiting, "\n") + "\n"))
}
