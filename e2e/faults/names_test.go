package faults

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestNamesCompiled(t *testing.T) { testNames(t, plugin.Compiled()) }

func TestNamesInterpreted(t *testing.T) { testNames(t, plugin.Interpreted(t)) }

// testNames has the name of the ensemble not be there, be there, fail in several
// ways, and mean other addresses. The resolver is the whole process's, so this test
// is alone.
func testNames(t *testing.T, p plugin.Plugin) {
	name := newCluster() + ".test"
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/named", []byte("0"))
	addresses := []*relay.Relay{relay.Start(t, relay.Refuse)}
	_, port, err := net.SplitHostPort(addresses[0].Addr())
	check(t, err)
	addresses = append(addresses, relay.StartAt(t, net.JoinHostPort("127.0.0.2", port), relay.Refuse))

	handler := mustConstruct(t, p, strings.Replace(showing(newCluster(), net.JoinHostPort(name, port), "/named"), "20s", "100ms", 1))
	n := &named{t: t, p: p, handler: handler, admin: admin, served: 1}
	if got := shown(handler); got != "none" {
		t.Fatalf("before the name is there X-Value is %q", got)
	}
	names.set(name, "127.0.0.1")
	addresses[0].Become(relay.To(server.Addr()))
	n.follows()
	for _, disorder := range []struct{ begin, end func() }{
		{func() { names.fail(serverFailure) }, func() { names.fail(0) }},
		{func() { names.fail(noSuchName) }, func() { names.fail(0) }},
		{func() { names.silence(true) }, func() { names.silence(false) }},
	} {
		disorder.begin()
		addresses[0].Become(relay.Refuse)
		n.keeps(longEnough())
		addresses[0].Become(relay.To(server.Addr()))
		n.keeps(longEnough() / 2)
		disorder.end()
		n.follows()
	}
	for i := range 4 {
		before, now := addresses[i%2], addresses[(i+1)%2]
		names.set(name, []string{"127.0.0.2", "127.0.0.1"}[i%2])
		now.Become(relay.To(server.Addr()))
		before.Become(relay.Refuse)
		n.follows()
	}
	awaitSessions(t, server, 1)
	noPanics(t, p.Output())
	results.add(row{fault: "names fail, and mean others (" + p.Mode() + ")", times: 7, served: n.served, wrong: n.wrong, lost: "nothing", slowest: n.slowest, left: "-"})
}

// named is an instance whose ensemble has a name.
type named struct {
	t       *testing.T
	p       plugin.Plugin
	handler http.Handler
	admin   *zkserver.Admin

	value         int
	served, wrong int
	slowest       time.Duration
}

// follows tells that a new value is served.
func (n *named) follows() {
	n.t.Helper()
	n.value++
	n.admin.Put("/named", fmt.Append(nil, n.value))
	written := time.Now()
	awaitShown(n.t, n.p, n.handler, fmt.Sprint(n.value))
	n.served++
	n.slowest = max(n.slowest, time.Since(written))
}

// keeps tells that the last value is served all the while.
func (n *named) keeps(length time.Duration) {
	n.t.Helper()
	want := fmt.Sprint(n.value)
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		n.served++
		if got := shown(n.handler); got != want {
			n.wrong++
			n.t.Errorf("X-Value is %q, want %q", got, want)
			return
		}
	}
}
