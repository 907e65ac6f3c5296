package behaviour

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// defining is a middleware that defines a cluster and reads nodes of it in each way.
func defining(cluster, servers, more string) string {
	return "clusters:\n  " + cluster + ": {servers: '" + servers + "'" + more + "}\n" + reading(cluster)
}

func reading(cluster string) string {
	return "cluster: " + cluster + `
startupTimeout: 300ms
requestHeaders:
  - {name: X-Value, path: /kept/text, default: lost}
  - {name: X-Json, path: /kept/json, format: json, key: a.b, default: lost}
  - {name: X-Plan, path: '/kept/tenants/{header.X-User}/plan', default: lost}
  - {name: X-Names, path: '/kept/tenants/{header.X-User}', format: children, default: lost}
gates:
  - {path: /kept/flag}
  - {path: /kept/flags, key: open}
`
}

func putKept(admin *zkserver.Admin, value string) {
	admin.Put("/kept/json", []byte(`{"a":{"b":"`+value+`"}}`))
	admin.Put("/kept/tenants/ann/plan", []byte(value))
	admin.Put("/kept/flag", []byte("on"))
	admin.Put("/kept/flags", []byte(`{"flags":{"open":{"variants":{"yes":true},"defaultVariant":"yes"}}}`))
	admin.Put("/kept/text", []byte(value))
}

// kept is what a middleware serves of the nodes.
func (inst *instance) kept() string {
	a := inst.get("X-User: ann")
	if a.status != http.StatusOK {
		return fmt.Sprint("status ", a.status)
	}
	return fmt.Sprint(a.service.Get("X-Value"), a.service.Get("X-Json"), a.service.Get("X-Plan"), a.service.Get("X-Names"))
}

func (inst *instance) awaitKept(t *testing.T, value string) {
	t.Helper()
	want := value + value + value + "plan"
	eventually(t, func() bool { return inst.kept() == want }, func() string { return inst.kept() + ", want " + want })
}

// alwaysKept checks that a value is served at once, and for longer than the startup
// timeout.
func alwaysKept(t *testing.T, value string, instances ...*instance) {
	t.Helper()
	want := value + value + value + "plan"
	for i, inst := range instances {
		steady(t, 500*time.Millisecond, func() bool { return inst.kept() == want }, func() string {
			return fmt.Sprintf("middleware %d serves %s, want %s", i, inst.kept(), want)
		})
	}
}

var definitions = []behaviour{
	{"a definition of the same ensemble changes, with ZooKeeper and without", testDefinitionOfTheSameEnsembleChanges},
	{"the definition in force stays, whatever the order of a reload", testDefinitionInForceStaysWhateverTheOrderOfAReload},
	{"middlewares change their definition one after the other", testMiddlewaresChangeTheirDefinitionOneAfterTheOther},
}

func testDefinitionOfTheSameEnsembleChanges(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	putKept(admin, "one")
	name := uniqueCluster()
	old := []*instance{s.named(t, "definer", defining(name, server.Addr(), "")), s.named(t, "user", reading(name))}
	for _, inst := range old {
		inst.awaitKept(t, "one")
	}
	reload := func(servers, more string) {
		t.Helper()
		for _, inst := range old {
			inst.cancel()
		}
		early := s.named(t, "early", reading(name))
		definer := s.named(t, "definer", defining(name, servers, more))
		late := s.named(t, "user", reading(name))
		alwaysKept(t, "one", append(old, early, definer, late)...)
		old = []*instance{early, definer, late}
	}
	reload(server.Addr(), ", sessionTimeout: 6s")
	server.Kill()
	reload(server.Addr(), ", sessionTimeout: 7s")
	reload("127.0.0.1:1,"+server.Addr(), ", sessionTimeout: 7s")
	reload(server.Addr()+",127.0.0.1:1", ", username: u, password: p")
	reload(server.Addr(), "")
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	putKept(admin, "two")
	for _, inst := range old {
		inst.awaitKept(t, "two")
	}
	if n := zkserver.Count(t, server.Sessions); n != 2 {
		t.Errorf("%d sessions; the plugin's and the test's are expected", n)
	}
}

func testDefinitionInForceStaysWhateverTheOrderOfAReload(t *testing.T, s *suite) {
	s.admin.Put("/kept/flag", []byte("on"))
	putKept(s.admin, "one")
	name := uniqueCluster()
	configs := map[string]string{
		"first":  defining(name, s.zk.Addr(), ""),
		"second": defining(name, s.zk.Addr(), ", sessionTimeout: 9s"),
		"other":  "clusters:\n  " + name + ": {servers: '127.0.0.1:1'}\ngates:\n  - {path: /kept/flag}\n",
	}
	all := map[string]*instance{"first": s.named(t, "first", configs["first"])}
	all["first"].awaitKept(t, "one")
	for round, order := range [][]string{{"first", "second", "other"}, {"second", "other", "first"}, {"other", "second", "first"}, {"second", "first", "other"}} {
		for _, inst := range all {
			inst.cancel()
		}
		for _, middleware := range order {
			all[middleware] = s.named(t, middleware, configs[middleware])
		}
		if got := all["first"].kept(); got != "oneoneoneplan" {
			t.Errorf("round %d: the first one serves %s", round, got)
		}
		for _, middleware := range []string{"second", "other"} {
			if got := all[middleware].get().status; got != http.StatusServiceUnavailable {
				t.Errorf("round %d: the %s one answers %d", round, middleware, got)
			}
		}
	}
	// When nobody defines it so any more, the other definition takes over.
	for _, inst := range all {
		inst.cancel()
	}
	alone := s.named(t, "second", configs["second"])
	alone.awaitKept(t, "one")
}

func testMiddlewaresChangeTheirDefinitionOneAfterTheOther(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	putKept(admin, "one")
	name := uniqueCluster()
	before, after := defining(name, server.Addr(), ""), defining(name, server.Addr(), ", sessionTimeout: 9s")
	a, b := s.named(t, "a", before), s.named(t, "b", before)
	a.awaitKept(t, "one")
	b.awaitKept(t, "one")
	for _, step := range [][]string{{after, before}, {after, after}} {
		for _, order := range []string{"ab", "ba"} {
			a.cancel()
			b.cancel()
			for _, middleware := range order {
				if middleware == 'a' {
					a = s.named(t, "a", step[0])
				} else {
					b = s.named(t, "b", step[1])
				}
			}
			alwaysKept(t, "one", a, b)
		}
	}
	admin.Put("/kept/text", []byte("1"))
	a.awaitHeader(t, "X-Value", "1")
	sessions, err := server.ConnectedSessions()
	count := 0
	for _, session := range sessions {
		if session.Timeout == 9*time.Second {
			count++
		}
	}
	if count != 1 || err != nil {
		t.Errorf("sessions %v, %v; one with the new timeout is expected", sessions, err)
	}
}
