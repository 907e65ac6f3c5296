package behaviour

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// What comes with a reload, and what goes.
var successions = []behaviour{
	{"in an outage nobody waits for what can't be known", func(t *testing.T, s *suite) {
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
	}},
	{"a definition that is refused is refused at each reload", func(t *testing.T, s *suite) {
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
	}},
	{"a cluster that lost its definer is in the log", func(t *testing.T, s *suite) {
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
	}},
}
