package middleware

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// Requests wait for the first values, until the time for them is over.
func TestRequestsWaitForTheFirstValues(t *testing.T) {
	r := newRegistry()
	m := route(t, r, "a", gateOf("main", nowhere, "300ms"))
	if got := m.ask(time.Millisecond); got != 0 || m.inst.isSettled() {
		t.Errorf("the answer is %d before anything is known", got)
	}
	if got := m.ask(time.Minute); got != http.StatusForbidden || !m.inst.isSettled() {
		t.Errorf("the answer is %d when the time for the first values is over", got)
	}
}

// A middleware that reads nothing has nothing to wait for.
func TestMiddlewareThatReadsNothing(t *testing.T) {
	r := newRegistry()
	m := route(t, r, "a", &config.Config{Decoded: map[string]any{
		"startupTimeout": "1h", "requestHeaders": []any{map[string]any{"name": "X-A", "mode": "remove"}},
	}})
	if got := m.ask(time.Second); got != http.StatusOK {
		t.Errorf("the answer is %d", got)
	}
}

// A refused middleware answers as if it weren't there, and with gates 503. When the
// contradiction ends, it does again what it did.
func TestRefusingAndResuming(t *testing.T) {
	r := newRegistry()
	for name, c := range map[string]struct {
		middleware      *config.Config
		normal, refused int
	}{
		"header": {middleware: headerFrom("main", nowhere, "X-A"), normal: http.StatusOK, refused: http.StatusNotFound},
		"gate":   {middleware: gateOf("main", nowhere, "1ms"), normal: http.StatusForbidden, refused: http.StatusServiceUnavailable},
	} {
		c.middleware.Decoded["startupTimeout"] = "1ms"
		m := route(t, r, name, c.middleware)
		m.await(c.normal)
		m.inst.Refuse(errors.New("another one defines it"))
		if got := m.ask(time.Second); got != c.refused || !m.inst.hasFailure() {
			t.Errorf("%s: refused, it answers %d, want %d", name, got, c.refused)
		}
		m.inst.Resume()
		if got := m.ask(time.Second); got != c.normal || m.inst.hasFailure() {
			t.Errorf("%s: it goes on with %d, want %d", name, got, c.normal)
		}
	}
}

// A failure takes away the values, and closes gates. It changes nothing for requests
// that no gate guards.
func TestFailing(t *testing.T) {
	r := newRegistry()
	gate, header := route(t, r, "gate", gateOf("main", nowhere, "1h")), route(t, r, "header", headerFrom("main", nowhere, "X-A"))
	for m, want := range map[*routed]int{gate: http.StatusServiceUnavailable, header: http.StatusOK} {
		m.inst.Fail(errors.New("it can't be told which cluster is meant"))
		if got := m.ask(time.Second); got != want {
			t.Errorf("middleware %s answers %d, want %d", m.inst.name, got, want)
		}
	}
}

// A middleware whose cluster nobody defines lacks that. Once it is defined, it lacks
// its values.
func TestMissingValues(t *testing.T) {
	r := newRegistry()
	user := route(t, r, "user", &config.Config{Decoded: map[string]any{"cluster": "main", "requestHeaders": []any{map[string]any{"name": "X-A", "path": "/a"}}}})
	missing := r.MissingValues()
	if len(missing) != 1 || *missing[0] != (serve.MissingValue{Middleware: "user", Cluster: "main", Reason: serve.MissingCluster}) {
		t.Errorf("%+v", missing)
	}
	route(t, r, "definer", headerFrom("main", nowhere, "X-A"))
	lacks := map[serve.MissingValue]bool{}
	for _, m := range r.MissingValues() {
		lacks[*m] = true
	}
	if len(lacks) != 2 || !lacks[serve.MissingValue{Middleware: "user", Cluster: "main", Path: "/a", Reason: serve.NotLoaded}] || !lacks[serve.MissingValue{Middleware: "definer", Cluster: "main", Path: "/value", Reason: serve.NotLoaded}] {
		t.Errorf("%v", lacks)
	}
	user.cancel()
	if missing := r.MissingValues(); len(missing) != 1 {
		t.Errorf("what Traefik has given up still lacks %v", missing)
	}
}

// Routers of a middleware are reported as one.
func TestReports(t *testing.T) {
	r := newRegistry()
	for range 3 {
		route(t, r, "shop", headerFrom("main", nowhere, "X-A"))
	}
	route(t, r, "shop-gates", gateOf("main", nowhere, "1ms"))
	route(t, r, "blog", headerFrom("main", nowhere, "X-A"))
	route(t, r, "gone", headerFrom("main", nowhere, "X-A")).cancel()
	list := r.Reports(&NameSelection{Prefix: "shop", Limit: 1})
	if list.Count != 3 || len(list.Listed) != 1 {
		t.Fatalf("%d middlewares, of which %d are listed", list.Count, len(list.Listed))
	}
	report := list.Listed[0]
	if report.Name != "shop" || report.Routers != 3 || len(report.Headers) != 1 || report.Headers[0].Name != "X-A" || len(report.Gates) != 0 || report.Failure != "" {
		t.Errorf("%+v", report)
	}
	list = r.Reports(&NameSelection{Prefix: "shop-", Limit: 10})
	if len(list.Listed) != 1 || len(list.Listed[0].Gates) != 1 || list.Listed[0].Gates[0].Flag != "/closed" {
		t.Errorf("%+v", list.Listed)
	}
}

func (inst *instance) isSettled() bool {
	s := lock(inst)
	defer inst.mu.Unlock()
	return s.isSettled
}
