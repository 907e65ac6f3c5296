package middleware

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
)

// The pauses of package clusters.
const (
	reloadGrace = 5 * time.Second
	changeGrace = 10 * time.Second
)

// serversOf are the servers of the definition in force.
func serversOf(t *testing.T, r *Registry, cluster string) []string {
	t.Helper()
	for _, report := range r.Clusters.Reports(&cache.NodeSelection{}) {
		if report.Session.Cluster == cluster && !report.Draining {
			return report.Session.Servers
		}
	}
	t.Fatalf("cluster %s has no pool", cluster)
	return nil
}

// A definition that waits for another one takes over soon after that one can't come
// again any more, however late the cancellation is noted.
func TestDefinitionThatWaits(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	before := route(t, r, "before", headerFrom("main", "127.0.0.1:1", "X-A"))
	r.groups.mu.Lock()
	before.cancel()
	began := time.Now()
	time.AfterFunc(300*time.Millisecond, r.groups.mu.Unlock)
	route(t, r, "after", headerFrom("main", "127.0.0.1:2", "X-A"))
	for serversOf(t, r, "main")[0] != "127.0.0.1:2" {
		if time.Since(began) > reloadGrace+10*time.Second {
			t.Fatal("it still waits")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(began); took < reloadGrace {
		t.Errorf("it took over after %s", took)
	}
}

// What Register says stays, so a definition that waits and contradicts it is refused.
func TestDefinitionThatContradictsRegister(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	before := route(t, r, "before", headerFrom("main", "127.0.0.1:1", "X-A"))
	before.cancel()
	after := route(t, r, "after", headerFrom("main", "127.0.0.1:2", "X-A"))
	err := r.Clusters.Register("main", before.inst.rules.Clusters["main"])
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); !after.inst.hasFailure(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > changeGrace+10*time.Second {
			t.Fatal("it is not refused")
		}
	}
}
