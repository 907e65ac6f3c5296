// Package bench measures what the plugin costs, compiled and interpreted, against
// real servers. Nothing here is a test: figures depend on the machine.
package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sort"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var modes = map[string]func(b *testing.B) plugin.Plugin{
	"Compiled":    func(b *testing.B) plugin.Plugin { return plugin.Compiled() },
	"Interpreted": func(b *testing.B) plugin.Plugin { return plugin.Interpreted(b) },
}

const tenants = 10000

func tenant(i int) string { return fmt.Sprintf("tenant-%05d", i) }

// seeded is a server with the nodes of that many tenants below /tenants.
func seeded(b *testing.B, n int) (*zkserver.Server, *zkserver.Admin) {
	b.Helper()
	server := zkserver.Start(b)
	admin := server.Client(b)
	admin.Put("/tenants", nil)
	for start := 0; start < n; start += 500 {
		var operations []any
		for i := start; i < start+500 && i < n; i++ {
			operations = append(operations,
				&zk.CreateRequest{Path: "/tenants/" + tenant(i), Acl: zk.WorldACL(zk.PermAll)},
				&zk.CreateRequest{Path: "/tenants/" + tenant(i) + "/plan", Data: []byte("plan of " + tenant(i)), Acl: zk.WorldACL(zk.PermAll)})
		}
		if _, err := admin.Conn.Multi(operations...); err != nil {
			b.Fatal(err)
		}
	}
	return server, admin
}

var clusterNo = 0

// instance is the plugin with one path for all tenants.
func instance(b *testing.B, p plugin.Plugin, addr string) (http.Handler, *string) {
	b.Helper()
	clusterNo++
	config, err := plugin.FromYAML(fmt.Sprintf("clusters:\n  c%d: {servers: '%s'}\nstartupTimeout: 10m\nmaxNodes: 30000\n", clusterNo, addr) +
		"requestHeaders:\n  - {name: X-Plan, path: '/tenants/{header.X-Tenant}/plan'}\n")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	seen := new(string)
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { *seen = r.Header.Get("X-Plan") })
	handler, err := p.New(ctx, next, config, "bench")
	if err != nil {
		b.Fatal(err)
	}
	return handler, seen
}

func ask(handler http.Handler, who string) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", who)
	handler.ServeHTTP(httptest.NewRecorder(), r)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkSubtreeLoad is the time from New to all values, and what they take.
func BenchmarkSubtreeLoad(b *testing.B) {
	for mode, start := range modes {
		b.Run(mode, func(b *testing.B) {
			server, _ := seeded(b, tenants)
			p := start(b)
			before, goroutines := heap(), runtime.NumGoroutine()
			b.ResetTimer()
			handler, seen := instance(b, p, server.Addr())
			ask(handler, tenant(tenants-1)) // is held until everything is loaded
			b.StopTimer()
			if *seen == "" {
				b.Fatal("the last one has no value")
			}
			b.ReportMetric(float64(heap()-before)/tenants, "B/node")
			b.ReportMetric(float64(runtime.NumGoroutine()-goroutines), "goroutines")
		})
	}
}

// BenchmarkSubtreeLookup is a request among few tenants, and among many.
func BenchmarkSubtreeLookup(b *testing.B) {
	for mode, start := range modes {
		for _, n := range []int{10, tenants} {
			b.Run(fmt.Sprint(mode, n), func(b *testing.B) {
				server, _ := seeded(b, n)
				handler, _ := instance(b, start(b), server.Addr())
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.Header.Set("X-Tenant", tenant(n/2))
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				b.ResetTimer()
				for range b.N {
					handler.ServeHTTP(w, r)
				}
			})
		}
	}
}

// BenchmarkSubtreeChange is the time from an acknowledged write among many tenants
// to the first request that sees it.
func BenchmarkSubtreeChange(b *testing.B) {
	for mode, start := range modes {
		b.Run(mode, func(b *testing.B) {
			server, admin := seeded(b, tenants)
			handler, seen := instance(b, start(b), server.Addr())
			ask(handler, tenant(0))
			var took []float64
			b.ResetTimer()
			for i := range b.N {
				who, value := tenant(i*7%tenants), fmt.Sprint("changed ", i)
				admin.Put("/tenants/"+who+"/plan", []byte(value))
				written := time.Now()
				for *seen != value {
					time.Sleep(100 * time.Microsecond) // requests alone would take all of a processor
					ask(handler, who)
				}
				took = append(took, float64(time.Since(written))/1e6)
			}
			sort.Float64s(took)
			b.ReportMetric(took[len(took)/2], "p50-ms")
			b.ReportMetric(took[len(took)*99/100], "p99-ms")
		})
	}
}
