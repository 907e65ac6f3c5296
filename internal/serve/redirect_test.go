package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// A request for the page that a closed gate redirects to gets 503 in the place of a
// redirect to itself, and the log says so once. Others are redirected, whichever way their
// requests are decided.
func TestRedirectThatLeadsBack(t *testing.T) {
	var lines []string
	log.SetLogger(func(level, message string) { lines = append(lines, level+" "+message) })
	t.Cleanup(func() { log.SetLogger(nil) })
	service := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	gates := []config.Gate{{Path: []string{"/open"}, Default: "on"}, {Path: []string{"/a"}, Redirect: "/wait", RetryAfter: "30s"}}
	bypassed := []config.Gate{gates[0], gates[1]}
	bypassed[1].Bypass = &config.Bypass{PathPrefixes: []string{"/wait"}}
	for name, c := range map[string]struct {
		config *config.Config
		back   int
	}{
		"for all":  {&config.Config{Clusters: somewhere, Gates: gates}, http.StatusServiceUnavailable},
		"late":     {&config.Config{Clusters: somewhere, Gates: gates, DecisionHeader: "X-Decision"}, http.StatusServiceUnavailable},
		"bypassed": {&config.Config{Clusters: somewhere, Gates: bypassed}, http.StatusNoContent},
	} {
		lines = nil
		b := bound(t, c.config)
		b.UseCounters(counters.NewRegistry(), "shop")
		for range 2 { // as when a node changes
			handler := HandlerFor(NewBuilder(b, &input.Expiry{Now: time.Now()}), service)
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				away := answerTo(handler, httptest.NewRequest(method, "/shop", nil))
				if away.StatusCode != http.StatusFound || away.Header.Get("Location") != "/wait" || away.Header.Get("Retry-After") != "30" {
					t.Errorf("%s: %s /shop: %d, %v", name, method, away.StatusCode, away.Header)
				}
				back := answerTo(handler, httptest.NewRequest(method, "/wait", nil))
				if method == http.MethodPost && c.back != http.StatusNoContent {
					if back.StatusCode != http.StatusFound {
						t.Errorf("%s: %s /wait: %d, though a redirect leads to GET", name, method, back.StatusCode)
					}
					continue
				}
				if back.StatusCode != c.back || back.Header.Get("Location") != "" {
					t.Errorf("%s: %s /wait: %d, %v", name, method, back.StatusCode, back.Header)
				}
				if c.back != http.StatusNoContent && (back.Header.Get("Cache-Control") != "no-store" || back.Header.Get("Retry-After") != "30") {
					t.Errorf("%s: %s /wait: the other headers are %v", name, method, back.Header)
				}
			}
		}
		if c.back == http.StatusNoContent && len(lines) == 0 {
			continue
		}
		if len(lines) != 1 || !strings.HasPrefix(lines[0], `error middleware shop: gates[1].redirect: "/wait": `) || !strings.Contains(lines[0], "bypass.pathPrefixes: [/wait]") {
			t.Errorf("%s: %q", name, lines)
		}
	}
}

// answerTo is what a handler answers to a request.
func answerTo(handler http.HandlerFunc, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	handler(w, r)
	return w.Result()
}
