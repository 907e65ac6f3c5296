package behaviour

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// What comes with a reload, and what goes.
var successions = []behaviour{
	{"in an outage nobody waits for what can't be known", testInAnOutageNobodyWaitsForWhatCantBeKnown},
	{"what was too stale doesn't come back before it is read", testWhatWasTooStaleDoesntComeBackBeforeItIsRead},
	{"a definition that is refused is refused at each reload", testDefinitionThatIsRefusedIsRefusedAtEachReload},
	{"of definitions that wait, the first one takes over", testOfDefinitionsThatWaitTheFirstOneTakesOver},
	{"a cluster that lost its definer is in the log", testClusterThatLostItsDefinerIsInTheLog},
}

func testInAnOutageNobodyWaitsForWhatCantBeKnown(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/waits/ann/plan", []byte("gold"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "', sessionTimeout: 1s}\nstartupTimeout: 0s\nrequestHeaders:\n" +
		"  - {name: X-Plan, path: '/waits/{header.X-User}/plan', default: none}\n"
	first := s.must(t, config)
	eventually(t, func() bool { return first.get("X-User: ann").service.Get("X-Plan") == "gold" }, func() string { return "no plan" })
	server.Kill()
	line := fmt.Sprint("lost: no session for 1s with [", server.Addr())
	eventually(t, func() bool { return strings.Contains(s.plugin.Output(), line) }, s.plugin.Output)
	began := time.Now()
	later := s.must(t, config+"  - {name: X-Value, path: '/waits/{header.X-User}/other', default: nothing}\n")
	got := later.get("X-User: ann").service
	if took := time.Since(began); took > 2500*time.Millisecond {
		t.Errorf("the first request was held for %s", took)
	}
	if got.Get("X-Value") != "nothing" || got.Get("X-Plan") != "gold" {
		t.Errorf("the service gets %v", got)
	}
}

func testWhatWasTooStaleDoesntComeBackBeforeItIsRead(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	way := relay.NewWay(t, server.Addr())
	for i := range 200 {
		admin.Put(fmt.Sprint("/aged/u", i), []byte("old"))
	}
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + way.Addr() + "', sessionTimeout: 4s}\nmaxStale: 500ms\nrequestHeaders:\n"
	inst := s.must(t, config+"  - {name: X-Value, path: '/aged/{header.X-User}', default: nothing}\n"+
		"  - {name: X-Fixed, path: /aged-fixed, default: nothing}\n")
	admin.Put("/aged-fixed", []byte("old"))
	inst.awaitHeader(t, "X-Fixed", "old")
	inst.awaitBy(t, "u7", "old")
	for i := range 3 {
		way.Refuse()
		inst.awaitBy(t, "u7", "nothing")
		want := fmt.Sprint("new ", i)
		admin.Put("/aged/u7", []byte(want))
		admin.Put("/aged-fixed", []byte(want))
		if i == 1 {
			time.Sleep(5 * time.Second) // the session expires
		}
		way.Restore()
		way.Bend(relay.Line{Delay: 50 * time.Millisecond}, relay.Line{Delay: 50 * time.Millisecond})
		for _, header := range [][]string{{"X-Fixed", "X-Value"}, {"X-Value", "X-Fixed"}}[i%2] {
			got := "nothing"
			eventually(t, func() bool { got = inst.get("X-User: u7").service.Get(header); return got != "nothing" }, func() string { return "nothing comes" })
			if got != want {
				t.Errorf("reconnect %d: after nothing, %s is %q, want %q", i, header, got, want)
			}
		}
		way.Bend(relay.Line{}, relay.Line{})
		inst.awaitBy(t, "u199", "old")
	}
}

func testDefinitionThatIsRefusedIsRefusedAtEachReload(t *testing.T, s *suite) {
	putKept(s.admin, "one")
	name := uniqueCluster()
	before, after := defining(name, s.zk.Addr(), ""), defining(name, s.zk.Addr(), ", sessionTimeout: 9s")
	first, other := s.named(t, "first", before), s.named(t, "other", before)
	first.awaitKept(t, "one")
	for i := range 3 {
		first.cancel()
		other.cancel()
		if i < 2 {
			other = s.named(t, "other", after)
		}
		first = s.named(t, "first", before)
		if i == 2 {
			other = s.named(t, "other", after)
		}
		if i == 0 {
			other.awaitStatus(t, 503) // when the time for the other one to change is over
		}
		steady(t, 200*time.Millisecond, func() bool { return other.get().status == 503 }, func() string {
			return fmt.Sprint("reload ", i, ": a definition is not refused any more")
		})
		alwaysKept(t, "one", first)
	}
}

func testOfDefinitionsThatWaitTheFirstOneTakesOver(t *testing.T, s *suite) {
	putKept(s.admin, "one")
	for round, order := range []string{"abcde", "edcba", "cadeb"} {
		name := uniqueCluster()
		before := s.named(t, "before", defining(name, s.zk.Addr(), ", sessionTimeout: 5s"))
		before.awaitKept(t, "one")
		before.cancel()
		a := s.named(t, "a", defining(name, s.zk.Addr(), ""))
		a.cancel()
		all := map[string]*instance{}
		for _, middleware := range strings.Split(order, "") {
			servers := map[string]string{"a": s.zk.Addr(), "b": s.zk.Addr() + ",127.0.0.1:2", "c": s.zk.Addr() + ",127.0.0.1:3", "d": "127.0.0.1:4", "e": "127.0.0.1:5"}
			all[middleware] = s.named(t, middleware, defining(name, servers[middleware], ""))
		}
		for _, middleware := range []string{"b", "c", "d", "e"} {
			all[middleware].awaitStatus(t, 503)
		}
		if got := all["a"].kept(); got != "oneoneoneplan" {
			t.Errorf("round %d: the first one serves %s", round, got)
		}
		for _, inst := range all {
			inst.cancel()
		}
	}
}

func testClusterThatLostItsDefinerIsInTheLog(t *testing.T, s *suite) {
	putKept(s.admin, "one")
	name := uniqueCluster()
	definer, user := s.named(t, "definer", defining(name, s.zk.Addr(), "")), s.named(t, "user", reading(name))
	user.awaitKept(t, "one")
	time.Sleep(5500 * time.Millisecond) // it has been looked for, and was there
	definer.cancel()
	user.cancel()
	user = s.named(t, "user", reading(name))
	user.awaitKept(t, "one")
	line := fmt.Sprintf("cluster: %q: no middleware defines this cluster", name)
	eventually(t, func() bool { return strings.Contains(s.plugin.Output(), line) }, s.plugin.Output)
}
