package middleware

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
)

// nowhere is the address of a server that isn't there. All tests of this package do
// without one.
const nowhere = "127.0.0.1:1"

func newRegistry() *Registry { return NewRegistry(clusters.NewRegistry()) }

// headerFrom sets a header from a node of a cluster at these servers.
func headerFrom(cluster, servers, header string) *config.Config {
	return &config.Config{Decoded: map[string]any{
		"clusters":       map[string]any{cluster: map[string]any{"servers": servers}},
		"requestHeaders": []any{map[string]any{"name": header, "path": "/value", "default": "none"}},
	}}
}

// gateOf has a gate, and waits for the first values for that long.
func gateOf(cluster, servers, startupTimeout string) *config.Config {
	return &config.Config{Decoded: map[string]any{
		"clusters":       map[string]any{cluster: map[string]any{"servers": servers}},
		"startupTimeout": startupTimeout,
		"gates":          []any{map[string]any{"path": "/closed"}},
	}}
}

// routed is a router's middleware, as Traefik has it.
type routed struct {
	t       *testing.T
	inst    *instance
	binding *binding
	cancel  context.CancelFunc
}

// service answers 200 to whatever reaches it.
func service(http.ResponseWriter, *http.Request) {}

// route has a middleware in front of the service.
func route(t *testing.T, r *Registry, name string, c *config.Config) *routed {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return routeUntil(ctx, t, r, name, c, cancel)
}

// routeUntil is route with a context of the test's.
func routeUntil(ctx context.Context, t *testing.T, r *Registry, name string, c *config.Config, cancel context.CancelFunc) *routed {
	t.Helper()
	b, err := bind(r, c, &Route{Context: ctx, Next: http.HandlerFunc(service), Middleware: name})
	if err != nil {
		t.Fatal(err)
	}
	return &routed{t: t, inst: instanceOf(r, b), binding: b, cancel: cancel}
}

// instanceOf is the instance that a binding leads to; nil where it has left.
func instanceOf(r *Registry, b *binding) *instance {
	for inst := range r.state.instances {
		if stateOf(inst).bindings[b] {
			return inst
		}
	}
	return nil
}

// ask sends a request whose client goes after some time, and tells the answer's
// status; 0 where there is no answer by then.
func (m *routed) ask(patience time.Duration) int {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w := httptest.NewRecorder()
	m.binding.switcher.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	if ctx.Err() != nil {
		return 0
	}
	return w.Code
}

// await asks until the answer has that status.
func (m *routed) await(status int) {
	m.t.Helper()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		got := m.ask(time.Second)
		if got == status {
			return
		}
		if time.Since(began) > 10*time.Second {
			m.t.Fatalf("the answer is %d, want %d", got, status)
		}
	}
}

// bind is NewHandler that returns the binding.
func bind(r *Registry, c *config.Config, to *Route) (*binding, error) {
	id := fingerprint(c)
	shared := bindShared(r, id, to)
	if shared != nil {
		return shared, nil
	}
	return bindOwn(r, c, id, to)
}
