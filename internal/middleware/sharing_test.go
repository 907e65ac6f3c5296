package middleware

import (
	"context"
	"net/http"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// Routers with the same middleware share an instance. Middlewares with the same
// configuration share what it compiles to, and nothing of it stays when they have gone.
func TestWhatIsShared(t *testing.T) {
	r := newRegistry()
	a, again := route(t, r, "a", headerFrom("main", nowhere, "X-Same")), route(t, r, "a", headerFrom("main", nowhere, "X-Same"))
	b, c := route(t, r, "b", headerFrom("main", nowhere, "X-Same")), route(t, r, "c", headerFrom("main", nowhere, "X-Other"))
	if a.inst != again.inst || a.inst == b.inst {
		t.Error("routers share an instance where they have the same middleware, and only there")
	}
	if a.inst.rules != b.inst.rules {
		t.Error("the same configuration was compiled twice")
	}
	if a.inst.rules == c.inst.rules {
		t.Error("another configuration has the same rules")
	}
	for _, m := range []*routed{a, again, b, c} {
		r.leave(m.inst, m.binding)
	}
	s := r.state
	if len(s.instances)+len(s.shared)+len(s.compiled)+len(s.withLogSettings) != 0 {
		t.Errorf("something is kept: %+v", s)
	}
}

func TestFingerprints(t *testing.T) {
	decoded := map[string]any{"cluster": "main"}
	one, same, other := fingerprint(&config.Config{Decoded: decoded}), fingerprint(&config.Config{Decoded: map[string]any{"cluster": "main"}}), fingerprint(&config.Config{Decoded: map[string]any{"cluster": "other"}})
	if one == "" || one != same || one == other {
		t.Errorf("%x, %x, %x", one, same, other)
	}
	if fingerprint(&config.Config{Cluster: "main"}) != "" || fingerprint(&config.Config{Decoded: decoded, Cluster: "main"}) != "" {
		t.Error("a configuration with typed fields is shared")
	}
}

// What is set in files or the environment may be another thing the next time.
func TestRulesFromFilesAreNotShared(t *testing.T) {
	s := newRegistry().state
	inst := newInstance("a", &rules.Rules{External: true}, nil)
	inst.fingerprint = "fingerprint"
	share(s, inst)
	if len(s.shared)+len(s.compiled) != 0 {
		t.Error("they are shared")
	}
}

// An instance that Traefik gave up serves the same router after a reload, unless
// another definition has its cluster by then.
func TestInstancesComeBack(t *testing.T) {
	r := newRegistry()
	before := route(t, r, "a", headerFrom("main", nowhere, "X-A"))
	before.cancel()
	after := route(t, r, "a", headerFrom("main", nowhere, "X-A"))
	if after.inst != before.inst || !after.inst.IsLive() {
		t.Fatal("there is a new instance after a reload that changes nothing")
	}
	after.cancel()
	err := r.Clusters.Register("other", after.inst.rules.Clusters["main"])
	if err != nil {
		t.Fatal(err)
	}
	again := route(t, r, "a", headerFrom("main", nowhere, "X-A"))
	if again.inst != before.inst {
		t.Error("another cluster makes a difference")
	}
}

// What a middleware wants of the log counts again when it comes back in a reload, whichever
// middlewares came before it.
func TestLogSettingsComeBack(t *testing.T) {
	defer log.Apply(nil)
	r := newRegistry()
	verbose := func() *config.Config {
		return &config.Config{Decoded: map[string]any{"statusPath": "/status", "logLevel": "debug", "requestHeaders": []any{map[string]any{"name": "X-A", "mode": "remove"}}}}
	}
	before := route(t, r, "verbose", verbose())
	if !log.IsLogged(log.LevelDebug) {
		t.Fatal("the level is not in force")
	}
	before.cancel()
	route(t, r, "new", headerFrom("main", nowhere, "X-A"))
	after := route(t, r, "verbose", verbose())
	if after.inst != before.inst {
		t.Fatal("another instance came back")
	}
	if !log.IsLogged(log.LevelDebug) {
		t.Error("the level is not in force after a reload")
	}
}

// A failed instance is no use to a new router.
func TestFailedInstancesAreNotShared(t *testing.T) {
	r := newRegistry()
	nameless := func() *config.Config {
		return &config.Config{Decoded: map[string]any{"requestHeaders": []any{map[string]any{"name": "X-A", "path": "/a"}}}}
	}
	first := route(t, r, "nameless", nameless())
	route(t, r, "one", headerFrom("one", nowhere, "X-A"))
	if first.inst.hasFailure() {
		t.Fatal("it fails where there is one cluster")
	}
	first.cancel()
	first = route(t, r, "nameless", nameless())
	route(t, r, "two", headerFrom("two", nowhere, "X-A"))
	if !first.inst.hasFailure() {
		t.Fatal("it doesn't fail where there are two clusters")
	}
	_, err := bind(r, nameless(), &Route{Context: context.Background(), Middleware: "nameless"})
	if err == nil {
		t.Error("there is no error for the next router")
	}
}

// A gate is counted once for all instances of a middleware, as long as one is there, and
// from the time when there is a status page.
func TestCountersAreShared(t *testing.T) {
	r := newRegistry()
	one, other := route(t, r, "a", gateOf("main", nowhere, "1ms")), route(t, r, "a", gateOf("main", nowhere, "2ms"))
	if one.inst == other.inst {
		t.Fatal("two configurations share an instance")
	}
	one.await(http.StatusForbidden)
	other.await(http.StatusForbidden)
	if counts := r.DecisionCounts(); len(counts) != 0 {
		t.Errorf("without a status page, %d decisions are counted", len(counts))
	}
	route(t, r, "status", &config.Config{Decoded: map[string]any{"statusPath": "/status"}})
	for _, m := range []*routed{one, other, other} {
		m.await(http.StatusForbidden)
	}
	counts := r.DecisionCounts()
	if len(counts) != 1 || counts[0].Count != 3 || counts[0].Middleware != "a" || counts[0].Gate != "/closed" || counts[0].Decision != "block" {
		t.Errorf("%+v", counts)
	}
	r.leave(one.inst, one.binding)
	if len(r.DecisionCounts()) != 1 {
		t.Error("the counters have gone with the first instance")
	}
	r.leave(other.inst, other.binding)
	if len(r.DecisionCounts()) != 0 {
		t.Error("the counters have stayed")
	}
}
