// Package budget holds what a request may cost, whatever a client sends: each option
// that looks at requests meets each hostile shape of a request, compiled and interpreted.
package budget

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestCompiled(t *testing.T) { run(t, plugin.Compiled()) }

func TestInterpreted(t *testing.T) { run(t, plugin.Interpreted(t)) }

// A hostile request may take so many allocations more than a short one. The interpreter
// makes one with every step or two of a loop, in 0.1 µs each; what is compiled makes few.
const moreAllocations = 2500

// And so many bytes more, for a few copies of what is read.
const moreBytes = 512 << 10

// lengths of a hostile part in bytes: little, as much as is read, and as much as Traefik takes.
var lengths = []int{1 << 10, 4000, 16000, 900 << 10}

func run(t *testing.T, p plugin.Plugin) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	for path, value := range nodes {
		admin.Put(path, []byte(value))
	}
	hostile := samples()
	worst := make([]cost, len(hostile))
	for i, o := range options {
		handler := start(t, p, server.Addr(), fmt.Sprintf("budget%d", i), o.config)
		short := measure(handler, others()...)
		for j, s := range hostile {
			more := measure(handler, times(3, s.request)...).minus(short)
			if more.exceeds() { // or something else went on
				time.Sleep(20 * time.Millisecond)
			}
			if more.exceeds() || more.time > 100*time.Microsecond { // more than the others, or the machine was busy
				more = measure(handler, times(20, s.request)...).minus(short)
			}
			check(t, o, s, more)
			if more.time > worst[j].time {
				more.option = o.name
				worst[j] = more
			}
		}
	}
	if testing.Verbose() {
		report(p.Mode(), hostile, worst)
	}
}

func check(t *testing.T, o option, s sample, more cost) {
	if more.exceeds() {
		t.Errorf("%s: %s takes %d allocations and %d bytes more than a short request", o.name, s.name, more.allocations, more.bytes)
	}
	// What it takes to read such a request is a yardstick that is as slow as the machine.
	if s.length > 1<<19 && more.time > 2*s.reading+time.Millisecond {
		t.Errorf("%s: %s takes %v more than a short request; reading it takes %v", o.name, s.name, more.time, s.reading)
	}
}

func report(mode string, hostile []sample, worst []cost) {
	fmt.Printf("%s, more than a short request, with the option that it costs most:\n", mode)
	for i, s := range hostile {
		fmt.Printf("  %-60s %8.3f ms %6d allocations %8d bytes  %s\n", s.name, float64(worst[i].time)/1e6, worst[i].allocations, worst[i].bytes, worst[i].option)
	}
}

// start is an instance whose values are loaded.
func start(t *testing.T, p plugin.Plugin, addr, cluster, rules string) http.Handler {
	t.Helper()
	config, err := plugin.FromYAML("clusters:\n  " + cluster + ": {servers: '" + addr + "'}\nstartupTimeout: 10m\n" + rules)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	handler, err := p.New(ctx, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), config, "budget")
	if err != nil {
		t.Fatal(err)
	}
	handler.ServeHTTP(&discard{header: http.Header{}}, typical())
	return handler
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// A cost is what one request takes.
type cost struct {
	allocations, bytes int
	time               time.Duration
	option             string
}

func (c cost) exceeds() bool { return c.allocations > moreAllocations || c.bytes > moreBytes }

func (c cost) minus(other cost) cost {
	return cost{allocations: c.allocations - other.allocations, bytes: c.bytes - other.bytes, time: c.time - other.time}
}

func times(n int, request *http.Request) []*http.Request {
	return slices.Repeat([]*http.Request{request}, n)
}

// measure is the least of several requests: what else goes on in the process, or on the
// machine, only adds.
func measure(handler http.Handler, requests ...*http.Request) cost {
	var allocations, bytes, took []int
	for _, request := range requests {
		w, r := &discard{header: http.Header{}}, copied(request)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		started := time.Now()
		handler.ServeHTTP(w, r)
		length := time.Since(started)
		runtime.ReadMemStats(&after)
		allocations = append(allocations, int(after.Mallocs-before.Mallocs))
		bytes = append(bytes, int(after.TotalAlloc-before.TotalAlloc))
		took = append(took, int(length))
	}
	return cost{allocations: slices.Min(allocations), bytes: slices.Min(bytes), time: time.Duration(slices.Min(took))}
}
