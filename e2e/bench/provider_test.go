package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// BenchmarkProvider is the propagation of a header's value in Traefik: by the plugin,
// and by Traefik's own ZooKeeper provider with the value in a headers middleware.
// That one sees a changed leaf only when a child of its root key comes or goes, so
// it gets one.
func BenchmarkProvider(b *testing.B) {
	server, admin := seeded(b, 0)
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("X-Plan")) }))
	defer backend.Close()
	const root = "/traefik/http/"
	for node, value := range map[string]string{
		"/plan":                               "first",
		root + "routers/native/rule":          "PathPrefix(`/native`)",
		root + "routers/native/entryPoints/0": "web",
		root + "routers/native/service":       "backend",
		root + "routers/native/middlewares/0": "plan",
		root + "middlewares/plan/headers/customRequestHeaders/X-Plan": "first",
		root + "services/backend/loadBalancer/servers/0/url":          backend.URL,
	} {
		putBelow(admin.Put, node, value)
	}
	config := "http:\n  routers:\n    ours: {rule: 'PathPrefix(`/ours`)', service: backend, middlewares: [plan]}\n" +
		"  middlewares:\n    plan: {plugin: {zookeeper: {clusters: {bench: {servers: '" + server.Addr() + "'}}, requestHeaders: [{name: X-Plan, path: /plan}]}}}\n" +
		"  services:\n    backend: {loadBalancer: {servers: [{url: '" + backend.URL + "'}]}}\n"
	tr := traefik.Start(b, config, traefik.Options{Static: map[string]any{
		"log.level": "ERROR", "providers.zooKeeper.endpoints": []string{server.Addr()}, "providers.zooKeeper.rootKey": "traefik",
	}})
	sees := func(route, value string) func() error {
		return func() error {
			response, err := http.Get(tr.URL() + route)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if string(text) != value {
				return fmt.Errorf("%s has %q, not %q", route, text, value)
			}
			return err
		}
	}
	await := func(route, value string) float64 {
		written := time.Now()
		if err := tr.Await(sees(route, value)); err != nil {
			b.Fatal(err)
		}
		return milliseconds(written)
	}
	await("/ours", "first")
	await("/native", "first")
	var ours, native []float64
	for i := range *rounds/2 + 1 {
		value := fmt.Sprint("value ", i)
		admin.Put("/plan", []byte(value))
		ours = append(ours, await("/ours", value))
		admin.Put(root+"middlewares/plan/headers/customRequestHeaders/X-Plan", []byte(value))
		admin.Put(fmt.Sprint("/traefik/changed-", i), nil)
		native = append(native, await("/native", value))
	}
	for _, w := range []watcher{{what: "ours, 1 header", took: ours}, {what: "Traefik's ZooKeeper provider, told of each change", took: native}} {
		report("Propagation in Traefik: p50, times ours (p50, p99 in ms)", w.what,
			fmt.Sprintf("%5.1f   (%5.1f, %5.1f)", median(w.took)/median(ours), median(w.took), quantile(w.took, 0.99)), "")
	}
}

// putBelow makes a node with all that is above it.
func putBelow(put func(string, []byte), node, value string) {
	for i := 1; i < len(node); i++ {
		if node[i] == '/' {
			put(node[:i], nil)
		}
	}
	put(node, []byte(value))
}
