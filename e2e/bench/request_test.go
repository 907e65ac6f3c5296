package bench

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// emptyPlugin is as little as a plugin can do.
const emptyPlugin = `package empty

import "net/http"

func New(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
	})
}`

func empty(b *testing.B, next http.Handler) http.Handler {
	b.Helper()
	i := interp.New(interp.Options{})
	if err := i.Use(stdlib.Symbols); err != nil {
		b.Fatal(err)
	}
	if _, err := i.Eval(emptyPlugin); err != nil {
		b.Fatal(err)
	}
	construct, err := i.Eval("empty.New")
	if err != nil {
		b.Fatal(err)
	}
	return construct.Call([]reflect.Value{reflect.ValueOf(&next).Elem()})[0].Interface().(http.Handler)
}

// service answers as a reverse proxy does: it adds to the headers, and then writes the status
// and the body.
type service struct{ requests int }

var kind, length, page = []string{"text/html"}, []string{"2000"}, make([]byte, 2000)

func (s *service) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.requests++
	header := w.Header()
	header["Content-Type"] = kind
	header["Content-Length"] = length
	w.WriteHeader(http.StatusOK)
	w.Write(page)
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// typical is a request as a plugin in Traefik gets it, with a line that is too long to be kept.
func typical() *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "http://www.example.com/checkout/basket?page=2", nil)
	r.RemoteAddr = "192.0.2.7:40212"
	for _, line := range strings.Split("Accept: */*|Accept-Encoding: gzip, br|Accept-Language: de|User-Agent: Mozilla/5.0|Cookie: uid=6d1b; theme=dark|"+
		"X-Forwarded-For: 192.0.2.7|X-Forwarded-Host: www.example.com|X-Forwarded-Port: 443|X-Forwarded-Proto: https|X-Forwarded-Server: proxy|"+
		"X-Real-Ip: 192.0.2.7|X-Tenant: "+tenant(5)+"|X-Country: fr|X-Plan: free|X-Email: someone@example.com", "|") {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	r.Header.Set("X-Long", strings.Repeat("x", 2000))
	return r
}

// asked counts the requests of users that ask in turns.
var asked atomic.Int64

// turn sends a handler that many requests, on so many goroutines, and returns the
// time that each took, in ns, and the allocations for each.
func turn(handler http.Handler, requests, goroutines, users int) (float64, float64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	start := time.Now()
	for range goroutines {
		all.Go(func() {
			w, r := &discard{header: http.Header{}}, typical()
			for range requests {
				if users > 0 {
					r.Header["X-Tenant"][0] = "user-" + strconv.Itoa(int(asked.Add(1))%users)
				}
				r.Response = nil // as a server leaves it
				handler.ServeHTTP(w, r)
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	n := float64(requests * goroutines)
	return float64(took.Nanoseconds()) / n, float64(after.Mallocs-before.Mallocs) / n
}

// A proxy has more in its memory than a benchmark, and collects garbage less often.
var ballast = make([]byte, 128<<20)

type contestant struct {
	handler http.Handler
	users   int
	took    []float64
	allocs  float64
}

// turn measures the contestant once.
func (c *contestant) turn(requests, goroutines int) {
	took, allocs := turn(c.handler, requests, goroutines, c.users)
	c.took = append(c.took, took)
	c.allocs = allocs
}

// race measures the contestants in turns.
func race(contestants []*contestant, requests, goroutines int) {
	defer runtime.KeepAlive(ballast)
	for _, c := range contestants {
		turn(c.handler, requests, goroutines, c.users)
	}
	for range *rounds {
		for _, c := range contestants {
			c.turn(requests, goroutines)
		}
	}
}

// BenchmarkRequest is what a request costs, next to an interpreted plugin that
// only calls the next handler.
func BenchmarkRequest(b *testing.B) { measureShapes(b, shapes) }

// BenchmarkCounted is the same where there is a status page.
func BenchmarkCounted(b *testing.B) { measureShapes(b, shapesWithStatus) }

func measureShapes(b *testing.B, shapes []shape) {
	server, admin := seeded(b, tenants)
	admin.Put("/few", nil)
	for i := range 10 {
		admin.Put("/few/"+tenant(i), nil)
		admin.Put("/few/"+tenant(i)+"/plan", []byte("plan"))
	}
	for node, value := range nodes {
		admin.Put(node, []byte(value))
	}
	plugins := []plugin.Plugin{plugin.Interpreted(b), plugin.Compiled()}
	floor := &contestant{handler: empty(b, &service{})}
	all := []*contestant{floor}
	for _, s := range shapes {
		for _, p := range plugins {
			all = append(all, &contestant{handler: inChain(b, p, server.Addr(), s), users: s.users})
		}
	}
	race(all, 2000, 1)
	for i, s := range shapes {
		interpreted, compiled := all[1+2*i], all[2+2*i]
		report("Request path: times the empty plugin (compiled: ns, allocations)", s.what,
			fmt.Sprintf("%5.2f   (%4.0f ns, %2.0f)", median(ratios(interpreted.took, floor.took)), median(compiled.took), compiled.allocs), s.goal)
	}
}

// BenchmarkParallel is how much more two processors serve than one.
func BenchmarkParallel(b *testing.B) {
	server, admin := seeded(b, 0)
	admin.Put("/value", []byte("v"))
	admin.Put("/closed", []byte("on"))
	p := plugin.Interpreted(b)
	// No service that counts here: it would be one place for all.
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	handlers := map[string]http.Handler{"the empty plugin": empty(b, next)}
	names := []string{"the empty plugin"}
	for _, s := range shapes[1:4] {
		handlers[s.what] = behind(b, p, server.Addr(), s.config, next)
		names = append(names, s.what)
	}
	one, two := map[string]*contestant{}, map[string]*contestant{}
	for _, name := range names {
		one[name], two[name] = &contestant{handler: handlers[name]}, &contestant{handler: handlers[name]}
	}
	for range *rounds {
		for _, name := range names {
			one[name].turn(2000, 1)
			two[name].turn(2000, 2)
		}
	}
	for _, name := range names {
		report("Request path: throughput of 2 CPUs, times that of 1", name, fmt.Sprintf("%5.2f", median(ratios(one[name].took, two[name].took))), "as the empty plugin")
	}
}

// BenchmarkGrowth is a request among many nodes, instances and clusters, next to
// one of an instance that is alone.
func BenchmarkGrowth(b *testing.B) {
	server, admin := seeded(b, tenants)
	admin.Put("/value", []byte("v"))
	p := plugin.Interpreted(b)
	alone := &contestant{handler: ready(b, p, server.Addr(), headerRules(1))}
	race([]*contestant{alone}, 2000, 1)
	crowd(b, p, server.Addr(), "maxNodes: 30000\nrequestHeaders: [{name: X-Plan, path: '/tenants/{header.X-Tenant}/plan'}]\n", 1000, tenant(5))
	for range 10 {
		ready(b, p, server.Addr(), headerRules(1))
	}
	among := &contestant{handler: ready(b, p, server.Addr(), headerRules(1))}
	alone.took = nil
	race([]*contestant{alone, among}, 2000, 1)
	report("Request path: 1 header, times an instance alone", "among 10,000 nodes, 1,000 instances, 12 clusters",
		fmt.Sprintf("%5.2f", median(ratios(among.took, alone.took))), "1.00")
}

// inChain is a shape's middlewares in front of a service.
func inChain(b *testing.B, p plugin.Plugin, addr string, s shape) http.Handler {
	b.Helper()
	var next http.Handler = &service{}
	for _, config := range slices.Backward(append([]string{s.config}, s.behind...)) {
		next = behind(b, p, addr, config, next)
	}
	return next
}

// ready is an instance whose first values are there.
func ready(b *testing.B, p plugin.Plugin, addr, config string) http.Handler {
	b.Helper()
	return behind(b, p, addr, config, &service{})
}

// behind is the same in front of a service of the caller's.
func behind(b *testing.B, p plugin.Plugin, addr, config string, next http.Handler) http.Handler {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	handler, err := p.New(ctx, next, configured(b, addr, config), "bench")
	if err != nil {
		b.Fatal(err)
	}
	handler.ServeHTTP(&discard{header: http.Header{}}, typical()) // is held until they are
	return handler
}
