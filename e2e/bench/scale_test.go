package bench

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const routers = 1000

const scale = "Scale"

// goal is what is wanted of the interpreted plugin.
func goal(mode, text string) string {
	if mode == "Compiled" {
		return ""
	}
	return text
}

// BenchmarkStart is what it takes to load the plugin with its client.
func BenchmarkStart(b *testing.B) {
	var ours, nothing, memory []float64
	gopath := plugin.GoPath(b)
	for range *rounds/8 + 4 {
		before, start := float64(heap()), time.Now()
		p := plugin.Load(b, gopath)
		ours = append(ours, milliseconds(start))
		memory = append(memory, (float64(heap())-before)/(1<<20))
		start = time.Now()
		empty(b, &service{})
		nothing = append(nothing, milliseconds(start))
		runtime.KeepAlive(p)
	}
	report(scale, "loading the plugin and its client",
		fmt.Sprintf("%5.2f of the empty plugin's (%.0f ms, %.1f MB)", median(ours)/median(nothing), median(ours), median(memory)), "under 150 ms")
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since)) / 1e6 }

// BenchmarkRouters is what many routers on one cluster take.
func BenchmarkRouters(b *testing.B) {
	took := map[string][]cost{}
	for _, mode := range []string{"Compiled", "Interpreted"} {
		server, admin := seeded(b, 0)
		admin.Put("/value", []byte("v"))
		admin.Put("/open", []byte("off"))
		p := modes[mode](b)
		clusterNo++
		for range 2 { // at start, and at a reload
			took[mode] = append(took[mode], startRouters(b, p, server, func(int) (string, string) { return "bench", headerRules(1) }))
		}
		perChange := serverTime(server, admin)
		report(scale, "a change that 2,000 routers see, "+mode, fmt.Sprintf("%5.2f of the server's time for a write that nobody watches (%.3f ms)",
			perChange["/value"]/perChange["/unwatched"], perChange["/value"]), "")
		sessions, watches := zkserver.Count(b, server.Sessions), zkserver.Count(b, server.Watches)
		took[mode] = append(took[mode],
			startRouters(b, p, server, func(i int) (string, string) {
				return fmt.Sprint("other", i), fmt.Sprintf("requestHeaders: [{name: X-Value%d, path: /value}]\n", i)
			}),
			startRouters(b, p, server, func(i int) (string, string) { return fmt.Sprint("bench", i), headerRules(1) }))
		for i, when := range []string{"at start", "at a reload", "with a configuration each", "with a name each"} {
			c := took[mode][i]
			report(scale, fmt.Sprintf("1,000 routers %s, %s", when, mode),
				fmt.Sprintf("%5.2f of compiled (%.3f ms a router, %.1f KiB, %.3f goroutines; sessions %d, watches %d)",
					c.took/took["Compiled"][i].took, c.took, c.memory, c.goroutines, sessions, watches), goal(mode, routerGoals[i]))
		}
	}
}

var routerGoals = []string{"under 1 ms a router", "under 1 ms a router", "under 1 ms and 15 KiB a router", "under 1 ms a router"}

// cost is what one router takes.
type cost struct {
	took       float64 // in ms
	memory     float64 // in KiB, once it runs
	goroutines float64
}

// serverTime is the server's processor time for each change of a node that routers
// read, and of one that nobody does, in ms.
func serverTime(server *zkserver.Server, admin *zkserver.Admin) map[string]float64 {
	admin.Put("/unwatched", nil)
	times := map[string]float64{}
	for range *rounds {
		for _, node := range []string{"/value", "/unwatched"} {
			before := processorTime(server.PID())
			for i := range changes {
				admin.Put(node, []byte(fmt.Sprint(i)))
				time.Sleep(2 * time.Millisecond) // for the readers
			}
			times[node] += (processorTime(server.PID()) - before) / changes / float64(*rounds)
		}
	}
	return times
}

const changes = 50 // a round

// startRouters calls New for all routers, with the names of their middlewares and
// their header rules, and returns what each took.
func startRouters(b *testing.B, p plugin.Plugin, server *zkserver.Server, middleware func(i int) (string, string)) cost {
	b.Helper()
	cluster := fmt.Sprintf("clusters:\n  c%d: {servers: '%s'}\n", clusterNo, server.Addr())
	var names []string
	var configs []map[string]any
	for i := range routers {
		name, rules := middleware(i)
		config, err := plugin.FromYAML(cluster + rules + "gates: [{path: /open, blockWhen: 'on'}]\n")
		if err != nil {
			b.Fatal(err)
		}
		names = append(names, name)
		configs = append(configs, config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	handlers := make([]http.Handler, 0, routers)
	before, goroutines := float64(heap()), runtime.NumGoroutine()
	start := time.Now()
	for i := range routers {
		handler, err := p.New(ctx, &service{}, configs[i], names[i])
		if err != nil {
			b.Fatal(err)
		}
		handlers = append(handlers, handler)
	}
	c := cost{took: milliseconds(start) / routers}
	for _, handler := range handlers {
		handler.ServeHTTP(&discard{header: http.Header{}}, typical())
	}
	c.memory = (float64(heap()) - before) / 1024 / routers
	c.goroutines = float64(runtime.NumGoroutine()-goroutines) / routers
	runtime.KeepAlive(configs) // as Traefik keeps them, and before as well
	return c
}

// BenchmarkNodes is what 10,000 nodes take: to load them, to watch them again on
// another connection, and to read them again in another session.
func BenchmarkNodes(b *testing.B) {
	type figures struct{ load, memory, rearm, reread float64 }
	measured := map[string]figures{}
	for _, mode := range []string{"Compiled", "Interpreted"} {
		server, admin := seeded(b, tenants)
		way := relay.Start(b, relay.To(server.Addr()))
		p := modes[mode](b)
		goroutines := runtime.NumGoroutine()
		before, start := float64(heap()), time.Now()
		ask := crowd(b, p, way.Addr(), "maxNodes: 30000\nrequestHeaders: [{name: X-Plan, path: '/tenants/{header.X-Tenant}/plan'}]\n", 1, tenant(5))
		var f figures
		f.load = milliseconds(start)
		f.memory = (float64(heap()) - before) / (1 << 20)
		goroutines = runtime.NumGoroutine() - goroutines
		f.rearm = comesBack(b, admin, ask, func() { way.Become(relay.To(server.Addr())) })
		way.Become(relay.Refuse)
		time.Sleep(6 * time.Second) // longer than the session's timeout
		f.reread = comesBack(b, admin, ask, func() { way.Become(relay.To(server.Addr())) })
		measured[mode] = f
		report(scale, "10,000 nodes, "+mode,
			fmt.Sprintf("load %.2f, re-arm %.2f, read again %.2f of compiled (%.0f, %.0f, %.0f ms; %.1f MB, %d goroutines)",
				f.load/measured["Compiled"].load, f.rearm/measured["Compiled"].rearm, f.reread/measured["Compiled"].reread,
				f.load, f.rearm, f.reread, f.memory, goroutines), goal(mode, "load at most 3.50, read again at most 4.00, at most 30 MB"))
	}
}

// comesBack is how long after a change of the connection requests see what was
// written while there was none, in ms.
func comesBack(b *testing.B, admin *zkserver.Admin, ask func() string, change func()) float64 {
	b.Helper()
	value := fmt.Sprint("written at ", time.Now().UnixNano())
	start := time.Now()
	change()
	admin.Put("/tenants/"+tenant(5)+"/plan", []byte(value))
	for ask() != value {
		if time.Since(start) > time.Minute {
			b.Fatal("the value is never reached")
		}
		time.Sleep(time.Millisecond)
	}
	return milliseconds(start)
}
