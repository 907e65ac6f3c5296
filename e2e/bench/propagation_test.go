package bench

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var writes = flag.Int("writes", 1000, "how many writes each propagation is measured with")

// A watcher waits until it sees a value of its node, which is written anew each
// time.
type watcher struct {
	what, goal string
	node       string
	sees       func(value string) bool
	took       []float64
}

// BenchmarkPropagation is the time from an acknowledged write to the first request
// that is served the new value, next to what a compiled client alone needs to
// see and read it. What has many instances or nodes is measured in a process of its
// own, whose garbage collection would be most of the others' p99.
func BenchmarkPropagation(b *testing.B) {
	server, admin := seeded(b, 0)
	propagate(b, "of one node", admin, server.Addr(),
		oneNode(b, "compiled, 1 instance", "", plugin.Compiled(), server.Addr(), admin, 1),
		oneNode(b, "interpreted, 1 instance", "p50 at most 1.50, p99 under 10 ms", plugin.Interpreted(b), server.Addr(), admin, 1),
	)
}

// BenchmarkCrowd is the same with many instances.
func BenchmarkCrowd(b *testing.B) {
	server, admin := seeded(b, 0)
	propagate(b, "to 1,000 instances", admin, server.Addr(),
		oneNode(b, "interpreted, 1,000 instances", "p99 under 20 ms", plugin.Interpreted(b), server.Addr(), admin, 1000))
}

// BenchmarkNames is the same where the instances have no middleware in common.
func BenchmarkNames(b *testing.B) {
	server, admin := seeded(b, 0)
	interpreted := plugin.Interpreted(b)
	propagate(b, "to many middlewares", admin, server.Addr(),
		oneNodeEach(b, "interpreted, 1,000 middlewares", "", interpreted, server.Addr(), admin, 1000),
		oneNodeEach(b, "interpreted, 300 with a configuration each", "  - {name: X-Gone-$I, mode: remove}\n", interpreted, server.Addr(), admin, 300))
}

// BenchmarkTenants is the same with many nodes.
func BenchmarkTenants(b *testing.B) {
	server, admin := seeded(b, tenants)
	interpreted := plugin.Interpreted(b)
	propagate(b, "among 10,000 nodes", admin, server.Addr(),
		manyNodes(b, "compiled, 1 instance", "", plugin.Compiled(), server.Addr(), 1),
		manyNodes(b, "interpreted, 1 instance", "", interpreted, server.Addr(), 1),
		manyNodes(b, "interpreted, 1,000 instances", "p99 under 20 ms", interpreted, server.Addr(), 1000),
	)
}

const firstWrites = 10 // that aren't counted

func propagate(b *testing.B, what string, admin *zkserver.Admin, addr string, watchers ...*watcher) {
	b.Helper()
	alone := clientAlone(b, addr, admin)
	all := append([]*watcher{alone}, watchers...)
	for i := range *writes + firstWrites {
		for _, w := range all {
			took := w.measure(b, admin, fmt.Sprintf("%s, %d", w.what, i))
			if i >= firstWrites {
				w.took = append(w.took, took)
			}
		}
	}
	for _, w := range all {
		report("Propagation "+what+": p50 and p99, times the compiled client's alone (p50, p99, max in ms)", w.what,
			fmt.Sprintf("%5.2f  %5.2f   (%5.2f, %5.2f, %5.2f)", median(w.took)/median(alone.took), quantile(w.took, 0.99)/quantile(alone.took, 0.99),
				median(w.took), quantile(w.took, 0.99), quantile(w.took, 1)), w.goal)
	}
}

// measure writes the value and returns how long it was until the watcher saw it, in ms.
func (w *watcher) measure(b *testing.B, admin *zkserver.Admin, value string) float64 {
	b.Helper()
	if _, err := admin.Conn.Set(w.node, []byte(value), -1); err != nil {
		b.Fatal(err)
	}
	written := time.Now()
	for !w.sees(value) {
		if time.Since(written) > time.Minute {
			b.Fatalf("%s: the value is never reached", w.what)
		}
		pause() // requests alone would take all of a processor
	}
	return float64(time.Since(written)) / 1e6
}

// clientAlone reads its node anew whenever the watch says so, and does nothing else.
func clientAlone(b *testing.B, addr string, admin *zkserver.Admin) *watcher {
	b.Helper()
	admin.Put("/alone", nil)
	conn, _, err := zk.Connect([]string{addr}, 10*time.Second, zk.WithLogInfo(false))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	var seen atomic.Value
	go func() {
		for {
			data, _, changed, err := conn.GetW("/alone")
			if err != nil {
				return
			}
			seen.Store(string(data))
			<-changed
		}
	}()
	return &watcher{what: "a compiled client alone", node: "/alone", sees: func(value string) bool { return seen.Load() == value }}
}

var nodeNo = 0

// oneNode is a number of instances that read one node; a request to the last one counts.
func oneNode(b *testing.B, what, goal string, p plugin.Plugin, addr string, admin *zkserver.Admin, instances int) *watcher {
	b.Helper()
	nodeNo++
	node := fmt.Sprintf("/node-%d", nodeNo)
	admin.Put(node, []byte("first"))
	ask := crowd(b, p, addr, "requestHeaders: [{name: X-Plan, path: "+node+"}]\n", instances, "")
	return &watcher{what: what, goal: goal, node: node, sees: func(value string) bool { return ask() == value }}
}

// oneNodeEach is the same with instances that have nothing in common but the node.
func oneNodeEach(b *testing.B, what, more string, p plugin.Plugin, addr string, admin *zkserver.Admin, instances int) *watcher {
	b.Helper()
	nodeNo++
	node := fmt.Sprintf("/node-%d", nodeNo)
	admin.Put(node, []byte("first"))
	ask := crowdOf(b, p, addr, "requestHeaders:\n  - {name: X-Plan, path: "+node+"}\n"+more, instances, "", func(i int) string { return fmt.Sprint("bench", i) })
	return &watcher{what: what, goal: "p50 at most 5.00, p99 under 10 ms", node: node, sees: func(value string) bool { return ask() == value }}
}

// manyNodes is a number of instances that read the node of the request's tenant
// among many.
func manyNodes(b *testing.B, what, goal string, p plugin.Plugin, addr string, instances int) *watcher {
	b.Helper()
	nodeNo++
	who := tenant(nodeNo)
	ask := crowd(b, p, addr, "maxNodes: 30000\nrequestHeaders: [{name: X-Plan, path: '/tenants/{header.X-Tenant}/plan'}]\n", instances, who)
	return &watcher{what: what, goal: goal, node: "/tenants/" + who + "/plan", sees: func(value string) bool { return ask() == value }}
}

// crowd is a number of instances of one middleware. It returns what asks the last
// one, as a tenant, for its header X-Plan.
func crowd(b *testing.B, p plugin.Plugin, addr, rules string, instances int, who string) func() string {
	b.Helper()
	return crowdOf(b, p, addr, rules, instances, who, func(int) string { return "bench" })
}

// crowdOf is the same with the names of the middlewares. In the rules, $I stands for a number of
// the instance's own.
func crowdOf(b *testing.B, p plugin.Plugin, addr, rules string, instances int, who string, name func(i int) string) func() string {
	b.Helper()
	cluster := configured(b, addr, "")
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	seen := ""
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Get("X-Plan") })
	var last http.Handler
	for i := range instances {
		config, err := plugin.FromYAML(strings.ReplaceAll(rules, "$I", fmt.Sprint(i)))
		if err != nil {
			b.Fatal(err)
		}
		maps.Copy(config, cluster)
		if last, err = p.New(ctx, next, config, name(i)); err != nil {
			b.Fatal(err)
		}
	}
	w, r, tenants := &discard{header: http.Header{}}, typical(), []string{who}
	ask := func() string {
		r.Header["X-Tenant"] = tenants
		last.ServeHTTP(w, r)
		return seen
	}
	ask() // is held until the values are there
	return ask
}
