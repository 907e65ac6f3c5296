package openfeature

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
	provider "github.com/mod-zookeeper/traefik-zookeeper/openfeature"
)

// Where ZooKeeper can't be reached, the initialisation ends with an error, and the provider is
// ready once it can.
func TestInitialisationWithoutZooKeeper(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", document("a", constant("1")))
	zk.Stop()
	s := newService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags", InitTimeout: 50 * time.Millisecond})
	wantInitError(t, s.set(), openfeature.ProviderNotReadyCode, "/flags")
	if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); got != "?  ERROR PROVIDER_NOT_READY" || s.State() != openfeature.ErrorState {
		t.Errorf("%s, and the state is %s", got, s.State())
	}
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	s.awaitEvent("PROVIDER_READY")
	s.awaitText("a", "1")
}

func wantInitError(t *testing.T, err error, code openfeature.ErrorCode, text string) {
	t.Helper()
	var failed *openfeature.ProviderInitError
	if !errors.As(err, &failed) || failed.ErrorCode != code || !strings.Contains(failed.Message, text) {
		t.Errorf("%v; the code %s is wanted, and a message with %q", err, code, text)
	}
}

// The initialisation ends with the context of the SDK's call, and the provider goes on.
func TestInitialisationEndsWithItsContext(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/flags", document("a", constant("1")))
	zk.Stop()
	s := newService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags", InitTimeout: -1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.api.SetProviderAndWait(ctx, s.provider); err == nil {
		t.Error("the initialisation waits for no context")
	}
	s.awaitEvent("PROVIDER_ERROR")
	if err := zk.Start(); err != nil {
		t.Fatal(err)
	}
	s.awaitEvent("PROVIDER_READY")
	s.awaitText("a", "1")
}

// A document that can't be used from the start is an error until it can.
func TestInitialisationWithABadDocument(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", []byte("{"))
	s := newService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	wantInitError(t, s.set(), openfeature.ParseErrorCode, "JSON")
	if got := s.evaluate("a", "?", openfeature.EvaluationContext{}); got != "?  ERROR PARSE_ERROR" || s.State() != openfeature.ErrorState {
		t.Errorf("%s, and the state is %s", got, s.State())
	}
	admin.Put("/flags", document("a", constant("1")))
	s.awaitEvent("PROVIDER_READY")
	s.awaitText("a", "1")
}

// Options that can't be right are fatal, and nothing is left of the try.
func TestOptionsThatCannotBeRight(t *testing.T) {
	cluster := &zookeeper.Cluster{Servers: []string{"127.0.0.1:1"}}
	for text, o := range map[string]provider.Options{
		"set one of them":  {Document: "/flags"},
		"ClusterName":      {Cluster: cluster, ClusterName: "both", Document: "/flags"},
		"nobody-defines":   {ClusterName: "nobody-defines", Document: "/flags"},
		"servers":          {Cluster: &zookeeper.Cluster{}, Document: "/flags"},
		"Document":         {Cluster: cluster},
		"Below":            {Cluster: cluster, Document: "/flags", Below: "/flags"},
		`"flags"`:          {Cluster: cluster, Document: "flags"},
		"maxStale":         {Cluster: cluster, Document: "/flags", MaxStale: -time.Second},
		"maxNodes: -1":     {Cluster: cluster, Below: "/flags", MaxNodes: -1},
		"a node's path":    {Cluster: cluster, Below: "/flags/"},
		"clusters.openfea": {Cluster: &zookeeper.Cluster{Servers: []string{"a:b:c:d"}}, Document: "/flags"},
	} {
		s := newService(t, o)
		wantInitError(t, s.set(), openfeature.ProviderFatalCode, text)
		if s.State() != openfeature.FatalState {
			t.Errorf("%s: the state is %s", text, s.State())
		}
	}
}

// A provider may serve several domains, and share the session of a cluster that is registered.
func TestDomainsAndRegisteredClusters(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", document("a", constant("1")))
	if err := zookeeper.Register("shared", *clusterAt(zk)); err != nil {
		t.Fatal(err)
	}
	defer zookeeper.Unregister("shared")
	sessions := zkserver.Count(t, zk.Sessions)
	s := startService(t, provider.Options{ClusterName: "shared", Document: "/flags"})
	if err := s.api.SetProviderAndWait(context.Background(), s.provider, openfeature.WithDomain("other")); err != nil {
		t.Fatal(err)
	}
	other := provider.New(provider.Options{ClusterName: "shared", Below: "/"})
	if err := s.api.SetProviderAndWait(context.Background(), other, openfeature.WithDomain("third")); err != nil {
		t.Fatal(err)
	}
	client := s.api.NewClient(openfeature.WithDomain("other"))
	if got := client.String(context.Background(), "a", "", openfeature.EvaluationContext{}); got != "1" {
		t.Errorf("a is %q in the other domain", got)
	}
	if now := zkserver.Count(t, zk.Sessions); now != sessions+1 {
		t.Errorf("%d sessions, %d before", now, sessions)
	}
	admin.Put("/flags", document("a", constant("2")))
	s.awaitEvent("PROVIDER_CONFIGURATION_CHANGED [a]")
	s.shutdown()
	if !zookeeper.Lookup("shared") {
		t.Error("the shutdown has unregistered a cluster that isn't the provider's")
	}
}

// A shutdown lets go of sessions, watches and goroutines, also while ZooKeeper is away, and the
// provider may be set again.
func TestShutdown(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", document("a", constant("1")))
	sessions, watches, goroutines := zkserver.Count(t, zk.Sessions), zkserver.Count(t, zk.Watches), runtime.NumGoroutine()
	p := provider.New(provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	for range 3 {
		s := newService(t, provider.Options{})
		s.provider = p
		if err := s.set(); err != nil {
			t.Fatal(err)
		}
		if err := s.api.SetProviderAndWait(context.Background(), p, openfeature.WithDomain("other")); err != nil {
			t.Fatal(err)
		}
		if got := s.text("a"); got != "1" {
			t.Errorf("a is %q", got)
		}
		s.shutdown()
		if got := p.StringEvaluation(context.Background(), "a", "?", nil); got.Value != "?" || got.ResolutionDetail().ErrorCode != openfeature.ProviderNotReadyCode {
			t.Errorf("after the shutdown, a is %+v", got)
		}
		s.shutdown()
	}
	awaitRest(t, func() string {
		if now := zkserver.Count(t, zk.Sessions); now > sessions {
			return fmt.Sprintf("%d sessions, %d before", now, sessions)
		}
		if now := zkserver.Count(t, zk.Watches); now > watches {
			return fmt.Sprintf("%d watches, %d before", now, watches)
		}
		return moreGoroutines(goroutines)
	})
	s := newService(t, provider.Options{})
	s.provider = p
	if err := s.set(); err != nil {
		t.Fatal(err)
	}
	zk.Stop()
	s.awaitEvent("PROVIDER_STALE")
	s.shutdown()
	awaitRest(t, func() string { return moreGoroutines(goroutines) })
}

// moreGoroutines shows the goroutines where there are more of the provider, of the plugin or of the
// SDK than there were. The server's own client has some, which come and go.
func moreGoroutines(before int) string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		isOurs := strings.Contains(stack, "/traefik-zookeeper/openfeature") || strings.Contains(stack, "/traefik-zookeeper/internal/") ||
			strings.Contains(stack, "/traefik-zookeeper/follow") || strings.Contains(stack, "open-feature/go-sdk")
		if isOurs {
			return stack
		}
	}
	if now := runtime.NumGoroutine(); now > before {
		return fmt.Sprintf("%d goroutines, %d before\n%s", now, before, stacks)
	}
	return ""
}

func awaitRest(t *testing.T, excess func() string) {
	t.Helper()
	for start := time.Now(); excess() != ""; time.Sleep(50 * time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatal(excess())
		}
	}
}

// Many goroutines evaluate flags while they change, and while other providers come and go. Each
// sees a value that there was.
func TestManyGoroutines(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/flags", document("a", constant("0"), "b", constant("0")))
	s := startService(t, provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := s.text("a"); len(got) != 1 {
					t.Errorf("a is %q", got)
					return
				}
			}
		})
	}
	all.Go(func() {
		for range 5 {
			other := provider.New(provider.Options{Cluster: clusterAt(zk), Document: "/flags"})
			if err := s.api.SetProviderAndWait(context.Background(), other, openfeature.WithDomain("other")); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 10 {
		admin.Put("/flags", document("a", constant(fmt.Sprint(i)), "b", constant("0")))
	}
	s.awaitText("a", "9")
	close(done)
	all.Wait()
}
