package middleware

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// lines are what the log has of middlewares.
type lines struct {
	mu  sync.Mutex
	all []string
}

func listen(t *testing.T) *lines {
	t.Helper()
	l := &lines{}
	log.SetLogger(func(level, message string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if level == "error" {
			l.all = append(l.all, message)
		}
	})
	t.Cleanup(func() { log.SetLogger(nil) })
	return l
}

// with are the lines that have all of these words.
func (l *lines) with(words ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for _, line := range l.all {
		has := 0
		for _, word := range words {
			if strings.Contains(line, word) {
				has++
			}
		}
		if has == len(words) {
			found = append(found, line)
		}
	}
	return found
}

func (l *lines) await(t *testing.T, words ...string) time.Duration {
	t.Helper()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		if len(l.with(words...)) == 1 {
			return time.Since(began)
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("one line with %q is expected, of %q", words, l.all)
		}
	}
}

// killSwitch is a gate that its flag closes, of a cluster that another middleware defines.
func killSwitch(startupTimeout string, more map[string]any) *config.Config {
	gate := map[string]any{"path": "/kill", "blockWhen": "on"}
	for key, value := range more {
		gate[key] = value
	}
	return &config.Config{Decoded: map[string]any{"cluster": "main", "startupTimeout": startupTimeout, "gates": []any{gate}}}
}

// A gate whose cluster nobody defines is closed, whatever its default. One whose cluster is
// defined and can't be reached has its default.
func TestGateWithoutACluster(t *testing.T) {
	for _, c := range []struct {
		more             map[string]any
		without, defined int
	}{
		{nil, http.StatusForbidden, http.StatusOK},
		{map[string]any{"status": "404"}, http.StatusNotFound, http.StatusOK},
		{map[string]any{"default": "off"}, http.StatusForbidden, http.StatusOK},
		{map[string]any{"default": "on"}, http.StatusForbidden, http.StatusForbidden},
		{map[string]any{"blockWhen": "off"}, http.StatusForbidden, http.StatusForbidden},
		{map[string]any{"blockWhen": "off", "default": "off"}, http.StatusForbidden, http.StatusForbidden},
		{map[string]any{"blockWhen": "off", "default": "on"}, http.StatusForbidden, http.StatusOK},
		{map[string]any{"dryRun": "true"}, http.StatusOK, http.StatusOK},
		{map[string]any{"path": "/kill/{host}"}, http.StatusForbidden, http.StatusOK},
		{map[string]any{"bypass": map[string]any{"methods": "GET"}}, http.StatusOK, http.StatusOK},
	} {
		r := newRegistry()
		m := route(t, r, "user", killSwitch("50ms", c.more))
		if got := m.ask(time.Minute); got != c.without {
			t.Errorf("%v: without a cluster %d, want %d", c.more, got, c.without)
		}
		if missing := r.MissingValues(); len(missing) != 1 || missing[0].Reason != serve.MissingCluster {
			t.Errorf("%v: missing %+v", c.more, missing)
		}
		route(t, r, "definer", headerFrom("main", nowhere, "X-A"))
		if got := m.ask(time.Minute); got != c.without {
			t.Errorf("%v: %d while the first values are waited for, want %d", c.more, got, c.without)
		}
		m.await(c.defined)
	}
}

// The log has a line as soon as no middleware comes any more that could define the
// cluster, and no second one for the same.
func TestComplaintAboutACluster(t *testing.T) {
	said := listen(t)
	r := newRegistry()
	for range 2 {
		first := route(t, r, "user", killSwitch("1h", nil))
		if took := said.await(t, "middleware user: ", `cluster: "main"`, "define clusters.main.servers", `the gate "/kill" is closed`); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		first.cancel()
		time.Sleep(2*quietPeriod + quietPeriod/2)
	}
	changed := route(t, r, "user", killSwitch("1h", map[string]any{"dryRun": "true"}))
	said.await(t, "middleware user: ", `the gate "/kill" lets requests pass, as a dry run`)
	// A definer comes and goes: what is served then is another matter.
	definer := route(t, r, "definer", headerFrom("main", nowhere, "X-A"))
	time.Sleep(3 * quietPeriod)
	definer.cancel()
	said.await(t, "middleware user: ", "any more", "until Traefik restarts")
	missing := map[serve.MissingValue]bool{}
	for _, m := range r.MissingValues() {
		missing[*m] = true
	}
	if !missing[serve.MissingValue{Middleware: "user", Cluster: "main", Reason: serve.LostCluster}] {
		t.Errorf("missing: %v", missing)
	}
	route(t, r, "definer", headerFrom("main", nowhere, "X-A"))
	for _, m := range r.MissingValues() {
		if m.Reason == serve.LostCluster {
			t.Error("the cluster is said to be lost while it is defined")
		}
	}
	changed.cancel()
}

// A definition that comes later in the same reload is no fault, however long that takes.
func TestNoComplaintDuringAReload(t *testing.T) {
	said := listen(t)
	r := newRegistry()
	for range 2 {
		ctx, cancel := context.WithCancel(context.Background())
		for began := time.Now(); time.Since(began) < 3*quietPeriod; time.Sleep(quietPeriod / 10) {
			routeUntil(ctx, t, r, "user", killSwitch("1ms", nil), cancel)
		}
		routeUntil(ctx, t, r, "definer", headerFrom("main", nowhere, "X-A"), cancel)
		time.Sleep(3 * quietPeriod)
		cancel()
		time.Sleep(3 * quietPeriod)
	}
	if all := said.with("define clusters"); len(all) != 0 {
		t.Errorf("%q", all)
	}
}

// A request that is answered without a cluster brings the line at once.
func TestComplaintWithTheFirstRequest(t *testing.T) {
	said := listen(t)
	r := newRegistry()
	m := route(t, r, "user", killSwitch("1ms", nil))
	r.mu.Lock() // nobody looks by itself
	got := m.ask(time.Minute)
	all := said.with("middleware user: ", "define clusters.main.servers")
	r.mu.Unlock()
	if got != http.StatusForbidden || len(all) != 1 {
		t.Errorf("%d, %q", got, all)
	}
	m.ask(time.Minute)
	time.Sleep(3 * quietPeriod)
	if all := said.with("define clusters"); len(all) != 1 {
		t.Errorf("%q", all)
	}
}

// Who can't be used as configured is missing too.
func TestMiddlewaresThatAnswer503AreMissing(t *testing.T) {
	r := newRegistry()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.NoteMisconfigured(ctx, &Misconfigured{Middleware: "wrong", Problem: "gates[0].path"})
	m := route(t, r, "refused", &config.Config{Decoded: map[string]any{"requestHeaders": []any{map[string]any{"name": "X-A", "mode": "remove"}}}})
	m.inst.Refuse(context.Canceled)
	names := map[string]string{}
	for _, missing := range r.MissingValues() {
		names[missing.Middleware] = missing.Reason
	}
	if names["wrong"] != serve.Unusable || names["refused"] != serve.Unusable || len(names) != 2 {
		t.Errorf("%v", names)
	}
}
