package zookeeper

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// The status of the whole process, on the routers whose middleware has a
// statusPath. What it answers is worked out for each request anew.

func checkStatusPath(at string, f *faults) string {
	if at == "" {
		return ""
	}
	u, err := url.Parse(at)
	if err != nil || u.Path != at || at == "/" || !strings.HasPrefix(at, "/") || path.Clean(at) != at {
		f.add("statusPath", at, "a path that begins with a slash and doesn't end with one, as in /.zookeeper")
	}
	return at
}

// A mistake is a middleware that answers 503 to everything, and why.
type mistake struct {
	middleware string
	why        string
}

// noteMistake keeps it until its ctx is cancelled.
func (r *registry) noteMistake(ctx context.Context, middleware string, err error) {
	m := &mistake{middleware: middleware, why: err.Error()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mistakes[m] = true
	context.AfterFunc(ctx, func() { r.forgetMistake(m) })
}

func (r *registry) forgetMistake(m *mistake) {
	insist("forgetting a mistake", func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.mistakes, m)
	})
}

// statusBefore puts the status in front of a handler.
func statusBefore(handler http.HandlerFunc, at string, hidden bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		below, isStatus := strings.CutPrefix(r.URL.Path, at)
		if !isStatus || below != "" && below != "/ready" && below != "/metrics" {
			handler(w, r)
			return
		}
		serveStatus(w, r, below, hidden)
	}
}

func serveStatus(w http.ResponseWriter, r *http.Request, below string, hidden bool) {
	header := w.Header()
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the status is to be read only: GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	switch below {
	case "/ready":
		serveReady(w)
		return
	case "/metrics":
		serveMetrics(w)
		return
	}
	header.Set("Vary", "Accept")
	asked := r.URL.Query()
	sel := &selection{below: asked.Get("path"), named: asked.Get("middleware"), hidden: hidden}
	switch format := statusFormat(r); format {
	case "json":
		serveJSON(w, clusters.report(sel))
	case "prometheus":
		serveMetrics(w)
	case "html":
		servePage(w, clusters.report(sel), sel)
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

func serveJSON(w http.ResponseWriter, status *statusReport) {
	encoded, err := json.MarshalIndent(status, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", jsonContentType)
	w.Write(append(encoded, '\n'))
}

// serveReady is for probes: 200 where every value that is read has been loaded, and
// none is older than maxStale allows. A ZooKeeper that is away alone changes
// nothing, since the values go on serving.
func serveReady(w http.ResponseWriter) {
	waiting := clusters.waiting()
	w.Header().Set("Content-Type", defaultContentType)
	if len(waiting) == 0 {
		w.Write([]byte("ready\n"))
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(strings.Join(waiting, "\n") + "\n"))
}
