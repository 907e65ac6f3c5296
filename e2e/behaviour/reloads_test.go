package behaviour

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var reloads = []behaviour{
	{"two hundred reloads", testTwoHundredReloads},
	{"the last instance goes", testLastInstanceGoes},
}

func testTwoHundredReloads(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/reloaded", []byte("value"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "'}\nrequestHeaders:\n  - {name: X-Value, path: /reloaded}\n"
	inst := s.must(t, config)
	inst.awaitHeader(t, "X-Value", "value")
	sessions, watches, goroutines := zkserver.Count(t, server.Sessions), zkserver.Count(t, server.Watches), runtime.NumGoroutine()
	for i := range 200 {
		inst.cancel() // as Traefik does: the old ones first, which go on serving
		if got := inst.header("X-Value"); got != "value" {
			t.Fatalf("reload %d: the old instance sees %q", i, got)
		}
		next := s.must(t, config)
		if got := next.header("X-Value"); got != "value" {
			t.Fatalf("reload %d: the first request of the new instance sees %q", i, got)
		}
		inst = next
	}
	if n := zkserver.Count(t, server.Sessions); n != sessions {
		t.Errorf("%d sessions, %d before", n, sessions)
	}
	if n := zkserver.Count(t, server.Watches); n != watches {
		t.Errorf("%d watches, %d before", n, watches)
	}
	eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines+2 }, func() string {
		return fmt.Sprintf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
	})
	admin.Put("/reloaded", []byte("changed"))
	inst.awaitHeader(t, "X-Value", "changed")
}

func testLastInstanceGoes(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/last", []byte("value"))
	sessions, goroutines := zkserver.Count(t, server.Sessions), runtime.NumGoroutine()
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "'}\nrequestHeaders:\n  - {name: X-Value, path: /last}\n"
	inst := s.must(t, config)
	inst.awaitHeader(t, "X-Value", "value")
	inst.cancel()
	steady(t, 5*time.Second, func() bool { return zkserver.Count(t, server.Sessions) == sessions+1 }, func() string {
		return "the session doesn't linger"
	})
	again := s.must(t, config)
	if got := again.header("X-Value"); got != "value" {
		t.Fatalf("the instance that comes within the linger sees %q", got)
	}
	again.cancel()
	deadline := time.Now().Add(45 * time.Second)
	for zkserver.Count(t, server.Sessions) != sessions || runtime.NumGoroutine() > goroutines+2 {
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions, %d before; %d goroutines, %d before", zkserver.Count(t, server.Sessions), sessions, runtime.NumGoroutine(), goroutines)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

var crowds = []behaviour{
	{"hundreds of instances, one session, one watch a node", testHundredsOfInstancesOneSessionOneWatchANode},
	{"requests while everything changes", testRequestsWhileEverythingChanges},
}

func testHundredsOfInstancesOneSessionOneWatchANode(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "'}\nrequestHeaders:\n" +
		"  - {name: X-Value, path: /crowd/a}\n  - {name: X-More, path: '/crowd/none, /crowd/b'}\n  - {name: X-Exists, path: /crowd/a, format: exists}\n"
	admin.Put("/crowd/a", []byte("0"))
	admin.Put("/crowd/b", []byte("b"))
	before := zkserver.Count(t, server.Sessions)
	instances := make([]*instance, 300)
	var ready sync.WaitGroup
	for i := range instances {
		ready.Go(func() { instances[i] = s.must(t, config) })
	}
	ready.Wait()
	for i := range 5 {
		value := fmt.Sprint(i)
		admin.Put("/crowd/a", []byte(value))
		for _, inst := range instances {
			inst.awaitHeader(t, "X-Value", value)
		}
	}
	if n := zkserver.Count(t, server.Sessions); n != before+1 {
		t.Errorf("%d sessions for 300 instances", n-before)
	}
	if n := zkserver.Count(t, server.Watches); n != 3 {
		t.Errorf("%d watches on three nodes", n)
	}
}

func testRequestsWhileEverythingChanges(t *testing.T, s *suite) {
	s.admin.Put("/storm", []byte("0"))
	inst := s.start(t, header("/storm"))
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() { monotonic(t, inst, stop) })
	}
	for i := range 500 {
		s.admin.Put("/storm", fmt.Append(nil, i))
	}
	inst.awaitHeader(t, "X-Value", "499")
	close(stop)
	clients.Wait()
}

// monotonic checks that a client never sees an older value after a newer one.
func monotonic(t *testing.T, inst *instance, stop chan struct{}) {
	last := -1
	for {
		select {
		case <-stop:
			return
		default:
		}
		got, n := inst.peek("X-Value"), 0
		if _, err := fmt.Sscan(got, &n); err != nil || n < last {
			t.Errorf("after %d comes %q", last, got)
			return
		}
		last = n
	}
}
