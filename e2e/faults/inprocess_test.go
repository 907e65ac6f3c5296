package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// What follows needs no Traefik: many instances at once, names, the clock. It
// happens to the plugin compiled, and interpreted.

var clusterNumber atomic.Int64

// newCluster is a name that no other test has.
func newCluster() string { return fmt.Sprint("faults", clusterNumber.Add(1)) }

// showing is a middleware with one header, from a node, and its own definition of
// a cluster.
func showing(cluster, servers, path string) string {
	return "clusters: {" + cluster + ": {servers: '" + servers + "', sessionTimeout: 2s}}\ncluster: " + cluster +
		"\nrequestHeaders: [{name: X-Value, path: " + path + ", default: none}]\nstartupTimeout: 20s\n"
}

// construct makes an instance; cancel is Traefik's reload without it.
func construct(p plugin.Plugin, config string) (handler http.Handler, cancel context.CancelFunc, err error) {
	decoded, err := plugin.FromYAML(config)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	service := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	handler, err = p.New(ctx, service, decoded, "faults")
	return handler, cancel, err
}

// mustConstruct makes an instance that goes with the test.
func mustConstruct(t *testing.T, p plugin.Plugin, config string) http.Handler {
	t.Helper()
	handler, cancel, err := construct(p, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return handler
}

// shown is what the service gets.
func shown(handler http.Handler) string {
	r := httptest.NewRequest(http.MethodGet, "http://example.test/", nil)
	handler.ServeHTTP(httptest.NewRecorder(), r)
	return r.Header.Get("X-Value")
}

func awaitShown(t *testing.T, p plugin.Plugin, handler http.Handler, want string) {
	t.Helper()
	for deadline := time.Now().Add(patience); shown(handler) != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("X-Value is %q, want %q\n%s", shown(handler), want, p.Output())
		}
	}
}

// awaitSessions waits until a server has so many sessions of the plugin's.
func awaitSessions(t *testing.T, server *zkserver.Server, want int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		sessions, err := server.ConnectedSessions()
		n := 0
		for _, session := range sessions {
			if session.Timeout == sessionTimeout {
				n++
			}
		}
		if err == nil && n == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions, %v; want %d", n, err, want)
		}
	}
}
