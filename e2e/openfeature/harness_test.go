package openfeature

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
	provider "github.com/mod-zookeeper/traefik-zookeeper/openfeature"
)

// patience is how long a test waits for what has to come.
const patience = 60 * time.Second

// service is a program that uses the SDK, with an instance of it that no other test shares.
type service struct {
	*openfeature.Client
	t        testing.TB
	api      *openfeature.EvaluationAPI
	provider *provider.Provider

	mu     sync.Mutex
	events []string // each with what it tells
}

// newService makes a service whose provider isn't set yet.
func newService(t testing.TB, o provider.Options) *service {
	s := &service{t: t, api: isolated.NewAPI(), provider: provider.New(o)}
	s.Client = s.api.NewClient()
	for _, event := range []openfeature.EventType{openfeature.ProviderReady, openfeature.ProviderStale, openfeature.ProviderError, openfeature.ProviderConfigChange} {
		told := func(details openfeature.EventDetails) { s.note(event, details) }
		s.api.AddHandler(event, &told)
	}
	t.Cleanup(s.shutdown)
	return s
}

// startService makes a service whose provider is ready.
func startService(t testing.TB, o provider.Options) *service {
	t.Helper()
	s := newService(t, o)
	if err := s.set(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) set() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.api.SetProviderAndWait(ctx, s.provider)
}

func (s *service) shutdown() {
	if err := s.api.Shutdown(context.Background()); err != nil {
		s.t.Error(err)
	}
}

func (s *service) note(event openfeature.EventType, details openfeature.EventDetails) {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := string(event)
	if event == openfeature.ProviderConfigChange {
		told += fmt.Sprint(" ", details.FlagChanges)
	}
	if details.ProviderName != "zookeeper" {
		told += " of " + details.ProviderName
	}
	s.events = append(s.events, told)
}

// awaitEvent waits for an event, and forgets those that were there until then.
func (s *service) awaitEvent(event string) {
	s.t.Helper()
	s.eventually("the event "+event, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		came := slices.Contains(s.events, event)
		if came {
			s.events = nil
		}
		return came
	})
}

// forget forgets the events that were there until now.
func (s *service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = nil
}

func (s *service) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

func (s *service) eventually(what string, is func() bool) {
	s.t.Helper()
	for start := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > patience {
			s.t.Fatalf("there isn't %s; the state is %s, and the events are %q", what, s.State(), s.seen())
		}
	}
}

func (s *service) awaitState(wanted openfeature.State) {
	s.t.Helper()
	s.eventually("the state "+string(wanted), func() bool { return s.State() == wanted })
}

// text evaluates a flag with texts.
func (s *service) text(key string) string {
	return s.String(context.Background(), key, "default", openfeature.EvaluationContext{})
}

func (s *service) awaitText(key, wanted string) {
	s.t.Helper()
	s.eventually(key+" = "+wanted, func() bool { return s.text(key) == wanted })
}

// clusterAt is the definition of a cluster of one server.
func clusterAt(zk *zkserver.Server) *zookeeper.Cluster {
	return &zookeeper.Cluster{Servers: []string{zk.Addr()}, SessionTimeout: 4 * time.Second}
}

// constant is a flag with one text.
func constant(text string) string {
	return fmt.Sprintf(`{"state": "ENABLED", "variants": {"only": %q}, "defaultVariant": "only"}`, text)
}

// document has flags by their keys: pairs of a key and a definition.
func document(flags ...string) []byte {
	text := `{"flags": {`
	for i := 0; i < len(flags); i += 2 {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("%q: %s", flags[i], flags[i+1])
	}
	return []byte(text + "}}")
}
