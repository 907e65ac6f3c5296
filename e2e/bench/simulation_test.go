package bench

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var proxies = flag.Int("proxies", 300, "how many proxies the simulation has, each with a session of its own")

// BenchmarkSimulation is what a change and the loss of servers mean for many
// proxies at an ensemble: each is the compiled plugin with a session of its own.
func BenchmarkSimulation(b *testing.B) {
	ensemble := zkserver.StartEnsemble(b)
	admin := ensemble.Servers[0].Client(b)
	admin.Put("/value", []byte("first"))
	p := plugin.Compiled()
	var all []func() string
	start := time.Now()
	for range *proxies {
		all = append(all, crowd(b, p, ensemble.Addr(), "requestHeaders: [{name: X-Plan, path: /value}]\n", 1, ""))
	}
	connected := milliseconds(start)
	var watches int
	for _, server := range ensemble.Servers {
		watches += zkserver.Count(b, server.Watches)
	}
	reportSimulation("all connect, one after the other", []float64{connected}, fmt.Sprintf("%d sessions, %d watches", *proxies, watches))
	reportSimulation("a change reaches all", spread(b, admin, all, func() {}), "")
	last := ensemble.Servers[len(ensemble.Servers)-1]
	reportSimulation("a server is killed, then a change", spread(b, admin, all, last.Kill), "a third of the sessions moves")
	if err := last.Restart(); err != nil {
		b.Fatal(err)
	}
	others := ensemble.Servers[1:]
	reportSimulation("the majority is killed and back, then a change", spread(b, admin, all, func() {
		for _, server := range others {
			server.Kill()
		}
		for _, server := range others {
			if err := server.Restart(); err != nil {
				b.Fatal(err)
			}
		}
	}), "all sessions move")
}

func reportSimulation(what string, took []float64, note string) {
	report("Simulation: p50, p99, max in ms until a proxy's requests see the change", what,
		fmt.Sprintf("%7.1f %7.1f %7.1f", median(took), quantile(took, 0.99), quantile(took, 1)), note)
}

// spread is when each of the proxies serves what is written after a disturbance,
// in ms from the end of that.
func spread(b *testing.B, admin *zkserver.Admin, all []func() string, disturb func()) []float64 {
	b.Helper()
	value := fmt.Sprint("written at ", time.Now().UnixNano())
	disturb()
	over := time.Now()
	admin.Put("/value", []byte(value))
	took := make([]float64, len(all))
	for waiting := len(all); waiting > 0; time.Sleep(time.Millisecond) {
		if time.Since(over) > time.Minute {
			b.Fatalf("%d proxies never see the change", waiting)
		}
		for i, ask := range all {
			if took[i] == 0 && ask() == value {
				took[i] = milliseconds(over)
				waiting--
			}
		}
	}
	return took
}
