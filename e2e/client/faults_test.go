package client

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var faults = []struct {
	name string
	test func(t *testing.T, mode string)
}{
	{"Stress", stress},
	{"CredentialsSurviveReconnects", credentials},
	{"ExpiryIsNoDisconnect", expiry},
	{"NegativeConstants", constants},
	{"WatchesMissNothingWhileDown", watches},
}

func TestFaultsCompiled(t *testing.T) { testFaults(t, compiled) }

func TestFaultsInterpreted(t *testing.T) { testFaults(t, interpreted) }

func testFaults(t *testing.T, mode string) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			f.test(t, mode)
		})
	}
}

// Values of goroutines that use one connection, or two at once, tell whose they
// are. No answer may reach another goroutine, and none may be missing.
func stress(t *testing.T, mode string) {
	shapes := []struct {
		name                    string
		connections, goroutines int
		length                  time.Duration
	}{
		{"OneConnection", 1, 64, time.Minute},
		{"TwoConnections", 2, 16, 20 * time.Second},
	}
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			inMode(t, mode, "Stress", func(t *testing.T, stress func(string, int, int, time.Duration) (int, string)) {
				server := zkserver.Start(t)
				operations, problem := stress(server.Addr(), shape.connections, shape.goroutines, shape.length)
				if problem != "" {
					t.Fatal(problem)
				}
				t.Logf("%d operations", operations)
				if least := 100 * shape.connections * shape.goroutines; operations < least {
					t.Errorf("%d operations only; %d would be few", operations, least)
				}
			})
		})
	}
}

// breaks is what breaks a connection: twice of three times by itself, and then with
// its server.
func breaks(t *testing.T, way *relay.Relay, server *zkserver.Server, forward func(net.Conn)) func() {
	done := 0
	return func() {
		done++
		if done%3 != 0 {
			way.Become(forward)
			return
		}
		server.Kill()
		if err := server.Start(); err != nil {
			t.Error(err)
		}
	}
}

func credentials(t *testing.T, mode string) {
	inMode(t, mode, "Credentials", func(t *testing.T, credentials func(string, int, func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		problem := credentials(way.Addr(), 6, breaks(t, way, server, relay.To(server.Addr())))
		if problem != "" {
			t.Error(problem)
		}
	})
}

func expiry(t *testing.T, mode string) {
	inMode(t, mode, "Expiry", func(t *testing.T, expiry func(addr, direct string, cut, restore func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		cut := func() { way.Become(relay.Refuse) }
		restore := func() { way.Become(relay.To(server.Addr())) }
		if problem := expiry(way.Addr(), server.Addr(), cut, restore); problem != "" {
			t.Error(problem)
		}
	})
}

func constants(t *testing.T, mode string) {
	inMode(t, mode, "Names", func(t *testing.T, names func() string) {
		const want = "EventSession -1 EventNotWatching -2 StateUnknown -1 StateExpired -112"
		if got := names(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	})
}

// Connections lose and regain their server many times. Each time every node
// that they watch has changed meanwhile: a few on each of several connections,
// and so many that it takes a while, and several packets, to watch them again.
func watches(t *testing.T, mode string) {
	shapes := []struct {
		name                       string
		connections, nodes, rounds int
		back                       func(addr string) func(net.Conn)
	}{
		{"FewNodes", 4, 20, 8, relay.To},
		{"ManyNodes", 1, 2000, 8, relay.To},
		{"BrokenTwice", 4, 20, 4, brokenTwice},
	}
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			inMode(t, mode, "Watches", func(t *testing.T, watches watchesFunction) {
				server := zkserver.Start(t)
				problems := make(chan string)
				for i := range shape.connections {
					way := relay.Start(t, relay.To(server.Addr()))
					cut := func() { way.Become(relay.Refuse) }
					restore := func() { way.Become(shape.back(server.Addr())) }
					go func() {
						problems <- watches(way.Addr(), server.Addr(), fmt.Sprint("/watches-", i), shape.nodes, shape.rounds, cut, restore)
					}()
				}
				for range shape.connections {
					if problem := <-problems; problem != "" {
						t.Error(problem)
					}
				}
			})
		})
	}
}

// brokenTwice breaks once more when the client is back and has its first answer,
// which tells it how far the server is; its watches aren't set by then.
func brokenTwice(addr string) func(net.Conn) {
	connected, answered := fakezk.ConnectReply(fakezk.Granted), fakezk.Reply(0, fakezk.NoError, fakezk.Text(""), fakezk.Stat())
	return relay.ToAfterBreak(addr, int64(len(connected)+1+len(answered))) // a real server sends one byte more
}

type watchesFunction = func(addr, direct, root string, nodes, rounds int, cut, restore func()) string

// The connections of this test are those of its process, so the others don't run
// beside it.
func TestCloseEndsEverythingCompiled(t *testing.T) { closings(t, compiled) }

func TestCloseEndsEverythingInterpreted(t *testing.T) { closings(t, interpreted) }

func closings(t *testing.T, mode string) {
	inMode(t, mode, "Closings", func(t *testing.T, closings func(addrs []string, each int) string) {
		addrs := []string{zkserver.Start(t).Addr(), relay.Start(t, relay.Refuse).Addr(), relay.Start(t, fakezk.Silent).Addr()}
		if problem := closings(addrs, 3); problem != "" {
			t.Error(problem)
		}
	})
}
