package openfeature

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
	provider "github.com/mod-zookeeper/traefik-zookeeper/openfeature"
)

// A change is told with the keys of the flags that have changed, and of no others.
func TestChanges(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", document("a", constant("1"), "b", constant("1")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	s.awaitEvent("PROVIDER_READY")
	admin.Put("/flags", document("a", constant("1"), "b", constant("2")))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [b]")
	if got := s.text("a") + s.text("b"); got != "12" {
		t.Errorf("a and b are %s", got)
	}
	admin.Put("/flags", document("b", constant("2"), "c", constant("3")))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [a c]")
	admin.Delete("/flags")
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [b c]")
	if got := s.evaluate("b", "?", openfeature.EvaluationContext{}); got != "?  ERROR FLAG_NOT_FOUND" {
		t.Error(got)
	}
	admin.Put("/flags", []byte("on"))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED []")
	if s.State() != openfeature.ReadyState {
		t.Errorf("the state is %s", s.State())
	}
}

// A version of the document that can't be used is an error, and the flags stay what they were.
func TestBadDocument(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", document("a", constant("1")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	for _, bad := range []string{`{"flags": {`, `{"flags": 1}`} {
		admin.Put("/flags", []byte(bad))
		s.awaitEvent("PROVIDER_ERROR")
		if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); s.State() != openfeature.ErrorState || got != "1 only STATIC" {
			t.Errorf("with %s, the state is %s, and a is %s", bad, s.State(), got)
		}
	}
	admin.Put("/flags", document("a", constant("2")))
	s.awaitEvent("PROVIDER_READY")
	s.awaitText("a", "2")
}

// While ZooKeeper is away, the flags are stale, and stay what they were.
func TestOutage(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", document("a", constant("1"), "b", constant("1")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	for range 2 {
		s.awaitEvent("PROVIDER_READY")
		zk.Stop()
		s.awaitEvent("PROVIDER_STALE")
		if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); s.State() != openfeature.StaleState || got != "1 only STATIC" {
			t.Errorf("the state is %s, and a is %s", s.State(), got)
		}
		if err := zk.Start(); err != nil {
			t.Fatal(err)
		}
	}
	s.awaitState(openfeature.ReadyState)
	if events := s.seen(); slices.ContainsFunc(events, func(e string) bool { return strings.HasPrefix(e, "PROVIDER_CONFIGURATION_CHANGED") }) {
		t.Errorf("nothing has changed, and the events are %q", events)
	}
	zk.Client(t).Put("/flags", document("a", constant("2"), "b", constant("1")))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [a]")
}

// What was changed while the service had no session is told once it has one.
func TestChangeInAnOutage(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", document("a", constant("1"), "b", constant("1")))
	way := relay.NewWay(t, zk.Addr())
	cluster := clusterAt(zk)
	cluster.Servers = []string{way.Addr()}
	s := startService(t, provider.Options{Cluster: cluster, Document: "/flags"})
	s.awaitEvent("PROVIDER_READY")
	way.Refuse()
	s.awaitEvent("PROVIDER_STALE")
	zk.Client(t).Put("/flags", document("a", constant("1"), "b", constant("2")))
	way.Restore()
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [b]")
	s.awaitState(openfeature.ReadyState)
}

// Flags that are older than they may be give default values, with the reason STALE and an error
// event, until there is a session again.
func TestMaxStale(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", document("a", constant("1")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags", MaxStale: time.Second})
	s.awaitEvent("PROVIDER_READY")
	zk.Stop()
	s.awaitEvent("PROVIDER_ERROR")
	if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); got != "?  STALE" {
		t.Error(got)
	}
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	s.awaitEvent("PROVIDER_READY")
	s.awaitText("a", "1")
}

// Each node below one is a flag. A node that can't be used is no error of the provider's.
func TestFolder(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", nil)
	admin.Put("/flags/a", []byte(constant("1")))
	admin.Put("/flags/deep", nil)
	admin.Put("/flags/deep/b", []byte(constant("1")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Below: "/flags"})
	s.awaitEvent("PROVIDER_READY")
	if got := s.text("a") + s.text("deep/b") + s.text("c"); got != "11default" {
		t.Error(got)
	}
	admin.Put("/flags/deep/b", []byte(constant("2")))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [deep/b]")
	admin.Put("/flags/c", []byte(constant("3")))
	s.awaitText("c", "3")
	admin.Delete("/flags/c")
	s.awaitText("c", "default")
	s.forget()
	admin.Put("/flags/a", []byte("{"))
	admin.Put("/flags/d", []byte("{"))
	s.eventually("a flag d", func() bool {
		return s.evaluate("d", "?", openfeature.EvaluationContext{}) == "?  ERROR PARSE_ERROR"
	})
	if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); got != "1 only STATIC" || s.State() != openfeature.ReadyState {
		t.Errorf("a is %s, and the state %s", got, s.State())
	}
}
