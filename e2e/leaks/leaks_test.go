//go:build hooks

// Package leaks has the plugin do the same things many times over, and sees that
// nothing is left behind: no goroutine, no memory, no file, no session, no watch.
package leaks

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var full = flag.Bool("full", false, "a thousand rounds of each, and a day of disturbances; it takes ten minutes")

// rounds is how often something is done.
func rounds(short, long int) int {
	if *full {
		return long
	}
	return short
}

// patience is far from what a busy machine needs.
const patience = time.Minute

// A heap is never twice the same. What is left behind in each round shows all the
// same, as it is multiplied. The interpreter's frames keep what they had last: a
// client, with its 1.5 MB.
const (
	compiledTolerance    = 512 << 10
	interpretedTolerance = 3 << 20
)

func TestCompiled(t *testing.T) { nothingIsLeft(t, plugin.Compiled(), compiledTolerance) }

func TestInterpreted(t *testing.T) { nothingIsLeft(t, plugin.Interpreted(t), interpretedTolerance) }

func nothingIsLeft(t *testing.T, p plugin.Plugin, heapTolerance int) {
	plugin.Linger(t, p, 100*time.Millisecond)
	s := &suite{plugin: p, heapTolerance: heapTolerance, zk: zkserver.Start(t)}
	s.admin = s.zk.Client(t)
	s.admin.Put("/value", []byte("one"))
	s.admin.Put("/flag", []byte("50%"))
	s.admin.Put("/tenants/a", []byte("gold"))
	t.Run("reloads", s.reloads)
	t.Run("connects and closes", s.connects)
	t.Run("changes of a definition", s.definitions)
	t.Run("changes of a definition without a server", s.definitionsAway)
	t.Run("changes of an ensemble", s.otherEnsembles)
	t.Run("changes of a client", s.replacements)
	t.Run("watches of rules that went", s.watches)
	t.Run("rechecks", s.rechecks)
	t.Run("routers", s.routers)
	t.Run("cuts", s.cuts)
	t.Run("a day of flapping", s.flapping)
}

type suite struct {
	plugin plugin.Plugin
	zk     *zkserver.Server
	admin  *zkserver.Admin

	heapTolerance int // bytes
}

// configuration has one of each kind. Only errors are printed, since what was
// printed is kept.
const configuration = `
clusters: {%s: {servers: '%s', sessionTimeout: 2s}}
cluster: %[1]s
requestHeaders:
  - {name: X-Value, path: /value, default: none}
  - {name: X-Names, path: /tenants, format: children}
  - {name: X-Plan, path: '/tenants/{header.X-Tenant}', default: none}
gates:
  - {path: /flag, dryRun: true}
targetingKey: '{header.X-Tenant}'
startupTimeout: 50ms
statusPath: /.zookeeper
logLevel: error
`

type instance struct {
	handler http.Handler
	cancel  context.CancelFunc
}

func (s *suite) start(t *testing.T, cluster, servers string) *instance {
	t.Helper()
	decoded, err := plugin.FromYAML(fmt.Sprintf(configuration, cluster, servers))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	handler, err := s.plugin.New(ctx, http.NotFoundHandler(), decoded, "leaks")
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	return &instance{handler: handler, cancel: cancel}
}

// value is what the service gets, after the plan of tenant a.
func (i *instance) value() string {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", "a")
	i.handler.ServeHTTP(httptest.NewRecorder(), r)
	return r.Header.Get("X-Value") + " " + r.Header.Get("X-Plan")
}

func (i *instance) await(t *testing.T, want string) {
	t.Helper()
	for deadline := time.Now().Add(patience); i.value() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the service gets %q; want %q", i.value(), want)
		}
	}
}

// level is what is in use at rest.
type level struct {
	goroutines, files, sessions, watches int
	heap                                 int
}

func (s *suite) level(t *testing.T) level {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	now := level{files: len(files), sessions: zkserver.Count(t, s.zk.Sessions), watches: zkserver.Count(t, s.zk.Watches)}
	runtime.GC()
	runtime.GC() // what had a finalizer goes with the second one
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	now.heap = int(memory.HeapAlloc)
	now.goroutines = runtime.NumGoroutine()
	return now
}

// settle waits until no more is in use than before, and tells how much.
func (s *suite) settle(t *testing.T, before level) level {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		now := s.level(t)
		if now.goroutines <= before.goroutines && now.files <= before.files && now.sessions == before.sessions &&
			now.watches == before.watches && now.heap <= before.heap+s.heapTolerance {
			return now
		}
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			watches, _ := s.zk.FourLetter("wchp")
			t.Fatalf("in use is %+v; before it was %+v\n%s\n%s", now, before, watches, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// settleIdle waits until nothing is at work, as before.
func (s *suite) settleIdle(t *testing.T, before level) {
	t.Helper()
	before.heap = 1 << 40
	s.settle(t, before)
}

// repeat does something that begins and ends with nothing at work, twice as often the
// second time, and sees that no more is left of it than at first, when caches fill.
func (s *suite) repeat(t *testing.T, times int, something func(times int)) {
	t.Helper()
	without := s.level(t)
	without.heap = 1 << 40
	s.repeatTo(t, without, times, something)
}

// repeatTo is repeat for what ends with as much at work as expected.
func (s *suite) repeatTo(t *testing.T, expected level, times int, something func(times int)) {
	t.Helper()
	something(times / 3)
	before := s.settle(t, expected)
	for {
		something(times - times/3)
		after := s.settle(t, before)
		growth := after.heap - before.heap
		t.Logf("%+d bytes after %d rounds more", growth, times-times/3)
		if growth > -s.heapTolerance {
			return
		}
		// What was still to go would hide what is left of these rounds.
		before = after
	}
}

// reloads have a new instance in the place of the one before, as Traefik does it:
// the old context ends first.
func (s *suite) reloads(t *testing.T) {
	s.repeat(t, rounds(150, 1500), func(times int) {
		inst := s.start(t, "reloads", s.zk.Addr())
		for range times {
			inst.await(t, "one gold")
			inst.cancel()
			inst = s.start(t, "reloads", s.zk.Addr())
		}
		inst.await(t, "one gold")
		inst.cancel()
	})
}

// connects make a session, and close it with the pool.
func (s *suite) connects(t *testing.T) {
	s.repeat(t, rounds(45, 1500), func(times int) {
		for i := range times {
			inst := s.start(t, fmt.Sprint("connects", i), s.zk.Addr())
			inst.await(t, "one gold")
			inst.cancel()
		}
	})
}
