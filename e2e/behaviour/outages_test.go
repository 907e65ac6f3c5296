package behaviour

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// outage is a server of the test's own, with an instance's configuration for it.
func outage(zk *zkserver.Server, more string) string {
	return "clusters:\n  " + uniqueCluster() + ": {servers: '" + zk.Addr() + "', sessionTimeout: 1s}\n" +
		"requestHeaders:\n  - {name: X-Value, path: /outage, default: nothing}\n" +
		"gates:\n  - {path: /outage-flag, default: 'on'}\n" + more
}

var outages = []behaviour{
	{"ZooKeeper comes after New", testZooKeeperComesAfterNew},
	{"ZooKeeper dies and comes back", testZooKeeperDiesAndComesBack},
	{"a session expires", testSessionExpires},
	{"values that are too stale give way", testValuesThatAreTooStaleGiveWay},
	{"a change that falls into a reconnect", testChangeThatFallsIntoAReconnect},
	{"a node that may not be read", denied},
	{"ZooKeeper is set up anew", testZooKeeperIsSetUpAnew},
}

func testZooKeeperComesAfterNew(t *testing.T, s *suite) {
	zk := zkserver.Prepare(t)
	started := time.Now()
	config := outage(zk, "startupTimeout: 1500ms\n")
	inst := s.must(t, config)
	if took := time.Since(started); took > time.Second {
		t.Errorf("New took %s", took)
	}
	if inst.reaches(50 * time.Millisecond) {
		t.Error("the request of a client that has gone reaches the service")
	}
	if got := inst.header("X-Value"); got != "nothing" {
		t.Fatalf("X-Value is %q", got)
	}
	if held := time.Since(started); held < 1500*time.Millisecond {
		t.Errorf("the first request was held for %s only", held)
	}
	// From then on nothing is held, after a reload neither.
	began := time.Now()
	reloaded := s.must(t, config)
	for range 10 {
		inst.awaitHeader(t, "X-Value", "nothing")
		reloaded.awaitHeader(t, "X-Value", "nothing")
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("twenty later requests took %s", took)
	}
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	zk.Client(t).Put("/outage", []byte("here"))
	inst.awaitHeader(t, "X-Value", "here")
}

func testZooKeeperDiesAndComesBack(t *testing.T, s *suite) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/outage", []byte("before"))
	admin.Put("/outage-flag", []byte("off"))
	inst := s.must(t, outage(zk, ""))
	inst.awaitStatus(t, 403)
	admin.Put("/outage-flag", []byte("on"))
	inst.awaitHeader(t, "X-Value", "before")
	for i := range 3 {
		known := inst.header("X-Value")
		zk.Kill()
		steady(t, 1500*time.Millisecond, func() bool { return inst.header("X-Value") == known }, func() string {
			return "during the outage X-Value is " + inst.header("X-Value")
		})
		if err := zk.Start(); err != nil {
			t.Fatal(err)
		}
		after := fmt.Sprint("after ", i)
		admin.Put("/outage", []byte(after))
		inst.awaitHeader(t, "X-Value", after)
		admin.Put("/outage-flag", []byte("off"))
		inst.awaitStatus(t, 403)
		admin.Put("/outage-flag", []byte("on"))
		inst.awaitStatus(t, 200)
	}
}

func testSessionExpires(t *testing.T, s *suite) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/outage", []byte("before"))
	inst := s.must(t, outage(zk, ""))
	inst.awaitHeader(t, "X-Value", "before")
	zk.Pause()
	steady(t, 3*time.Second, func() bool { return inst.header("X-Value") == "before" }, func() string {
		return "while the server hangs X-Value is " + inst.header("X-Value")
	})
	zk.Resume()
	admin.Put("/outage", []byte("after"))
	inst.awaitHeader(t, "X-Value", "after")
}

func testValuesThatAreTooStaleGiveWay(t *testing.T, s *suite) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/outage", []byte("fresh"))
	admin.Put("/outage-flag", []byte("off"))
	inst := s.must(t, outage(zk, "maxStale: 1500ms\n"))
	inst.awaitStatus(t, 403)
	zk.Kill()
	steady(t, time.Second, func() bool { return inst.get().status == 403 }, func() string { return "the flag was dropped at once" })
	inst.awaitStatus(t, 200)
	inst.awaitHeader(t, "X-Value", "nothing")
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	inst.awaitStatus(t, 403)
	admin.Put("/outage-flag", []byte("on"))
	inst.awaitHeader(t, "X-Value", "fresh")
}

func testChangeThatFallsIntoAReconnect(t *testing.T, s *suite) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/outage", []byte("0"))
	inst := s.must(t, outage(zk, ""))
	inst.awaitHeader(t, "X-Value", "0")
	for i := 1; i <= 5; i++ {
		// Writes go on from the first moment at which the server takes them,
		// while the plugin is still on its way back.
		var last atomic.Int64
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for n := int64(i * 1000); ; n++ {
				select {
				case <-stop:
					return
				default:
					admin.Put("/outage", fmt.Append(nil, n))
					last.Store(n)
				}
			}
		}()
		zk.Kill()
		if err := zk.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 150 * time.Millisecond)
		close(stop)
		<-stopped
		inst.awaitHeader(t, "X-Value", fmt.Sprint(last.Load()))
	}
}

func testZooKeeperIsSetUpAnew(t *testing.T, s *suite) {
	// The new one knows less than the client has seen, and refuses it.
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	for i := range 50 {
		admin.Put("/outage", fmt.Append(nil, "old ", i))
	}
	inst := s.must(t, outage(zk, ""))
	inst.awaitHeader(t, "X-Value", "old 49")
	admin.Close()
	zk.Kill()
	if err := errors.Join(zk.Wipe(), zk.Start()); err != nil {
		t.Fatal(err)
	}
	zk.Client(t).Put("/outage", []byte("new"))
	for deadline := time.Now().Add(2 * time.Minute); inst.header("X-Value") != "new"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("X-Value is %q", inst.header("X-Value"))
		}
	}
}

// denied: ZooKeeper tells a client nothing of a node that it may not read, so
// what the plugin knows stays, and what it doesn't know it asks for again.
func denied(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	config := outage(server, "")
	admin.Put("/outage", []byte("secret"))
	setACL(t, admin, zk.PermWrite|zk.PermAdmin)
	inst := s.must(t, config)
	inst.awaitHeader(t, "X-Value", "nothing")
	line := "/outage refused as text: it may not be read"
	eventually(t, func() bool { return strings.Count(s.plugin.Output(), line) == 1 }, s.plugin.Output)

	setACL(t, admin, zk.PermAll)
	inst.awaitHeader(t, "X-Value", "secret")
	setACL(t, admin, zk.PermWrite|zk.PermAdmin)
	admin.Put("/outage", []byte("other"))
	steady(t, time.Second, func() bool { return inst.header("X-Value") == "secret" }, func() string {
		return "what was known is lost: X-Value is " + inst.header("X-Value")
	})
	if got := s.must(t, config).header("X-Value"); got != "secret" {
		t.Fatalf("after a reload X-Value is %q", got)
	}
}

func setACL(t *testing.T, admin *zkserver.Admin, permissions int32) {
	t.Helper()
	if _, err := admin.Conn.SetACL("/outage", zk.WorldACL(permissions), -1); err != nil {
		t.Fatal(err)
	}
}
