//go:build hooks

// Package panics has each part of the plugin panic. A panic in any goroutine would
// end the whole proxy; so it has to be caught and logged, and the part to start
// again.
package panics

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestEachPartPanicsCompiled(t *testing.T) { eachPartPanics(t, plugin.Compiled()) }

func TestEachPartPanicsInterpreted(t *testing.T) { eachPartPanics(t, plugin.Interpreted(t)) }

// patience is far from what a busy machine needs: what panics while it reads a node
// reads it again after 10 s.
const patience = 2 * time.Minute

// parts are what has to be among the work that panicked.
var parts = []string{
	"cluster main: reader", "cluster main: reading /text", "cluster main: reading /tenants", "cluster main: recursive watches",
	"cluster main: /tenants/{header.X-Tenant}", "cluster main: end of a client", "cluster main: session timeout", "cluster main: diagnosis",
	"cluster main: renewal", "cluster main: new session", "answers", "update", "startup", "closing a connection",
}

const configuration = `
clusters:
  main: {servers: '%s', sessionTimeout: 4s}
startupTimeout: 500ms
requestHeaders:
  - {name: X-Text, path: /text}
  - {name: X-Plan, path: '/tenants/{header.X-Tenant}'}
gates:
  - {path: /open, default: "on"}
statusPath: /.zookeeper
`

// All work panics when it is done for the first time, whatever it is.
func eachPartPanics(t *testing.T, p plugin.Plugin) {
	forced := &forced{did: map[string]bool{"middleware " + t.Name(): true}} // New itself, which returns an error
	plugin.ForcePanics(t, p, forced.panic)
	defer forced.end() // for the tests that come later
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/text", []byte("one"))
	admin.Put("/open", []byte("on"))
	admin.Put("/tenants/a", []byte("plan a"))

	decoded, err := plugin.FromYAML(fmt.Sprintf(configuration, server.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := &headers{}
	handler, err := p.New(ctx, http.HandlerFunc(seen.note), decoded, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	serves := func(what, tenant, text, plan string) {
		t.Helper()
		end := time.Now().Add(patience)
		for seen.after(handler, tenant) != text+"|"+plan {
			if time.Now().After(end) {
				t.Fatalf("%s: the service gets %q; %q would be right; the plugin printed:\n%s", what, seen.after(handler, tenant), text+"|"+plan, p.Output())
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	serves("at first", "a", "one", "plan a")
	admin.Put("/text", []byte("two"))
	admin.Put("/tenants/b", []byte("plan b"))
	serves("after changes", "b", "two", "plan b")

	server.Kill()
	forced.await(t, "cluster main: renewal")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	again := server.Client(t)
	again.Put("/text", []byte("three"))
	again.Put("/tenants/c", []byte("plan c"))
	serves("after an outage", "c", "three", "plan c")
	for _, part := range parts {
		forced.await(t, part)
		if !strings.Contains(p.Output(), part) {
			t.Errorf("the panic of %s is not in the log", part)
		}
	}
	if told, all := recovered(t, handler), len(forced.all())-1; told < all { // New itself has not panicked
		t.Errorf("the status tells of %d panics; there were %d", told, all)
	}
	t.Logf("panicked: %s", strings.Join(forced.all(), "; "))
}

// recovered is how many panics the status tells of.
func recovered(t *testing.T, handler http.Handler) int {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.zookeeper?format=json", nil))
	var status struct{ PanicsRecovered int }
	if err := json.Unmarshal(w.Body.Bytes(), &status); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return status.PanicsRecovered
}

// forced is what has panicked.
type forced struct {
	mu    sync.Mutex
	did   map[string]bool
	ended bool // nothing panics any more
}

func (f *forced) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
}

func (f *forced) panic(what string) {
	f.mu.Lock()
	first := !f.did[what] && !f.ended
	f.did[what] = true
	f.mu.Unlock()
	if first {
		panic("forced in " + what)
	}
}

func (f *forced) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for what := range f.did {
		all = append(all, what)
	}
	return all
}

func (f *forced) await(t *testing.T, part string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(strings.Join(f.all(), "\n"), part); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s has not panicked, only %q", part, f.all())
		}
	}
}

// headers are what reached the service last.
type headers struct {
	mu   sync.Mutex
	last string
}

func (h *headers) note(_ http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = r.Header.Get("X-Text") + "|" + r.Header.Get("X-Plan")
}

// after is what reaches the service of a tenant's request.
func (h *headers) after(handler http.Handler, tenant string) string {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", tenant)
	handler.ServeHTTP(httptest.NewRecorder(), r)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}
