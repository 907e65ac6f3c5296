package serve

import (
	"errors"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
)

// A gate is closed where its flag closes it for all requests, whoever may get by. What depends
// on the request, and what only would be closed, is not.
func TestGatesThatAreClosed(t *testing.T) {
	c := &config.Config{Clusters: somewhere, Gates: []config.Gate{
		{Path: []string{"/open"}, Default: "on"}, {Path: []string{"/closed"}}, {Path: []string{"/bypassed"}, Bypass: &config.Bypass{Methods: []string{"POST"}}},
		{Path: []string{"/dry"}, DryRun: true}, {Path: []string{"/users/{header.X-User}"}}, {Path: []string{"/closed"}},
	}}
	b := bound(t, c)
	b.UseCounters(counters.NewRegistry(), "shop")
	want := map[string]int{"/open": 0, "/closed": 2, "/bypassed": 1, "/dry": 0, "/users/{header.X-User}": 0}
	counts := b.ClosedCounts()
	for _, count := range counts {
		if count.Middleware != "shop" || count.Closed != want[count.Gate] {
			t.Errorf("%+v, want %d", count, want[count.Gate])
		}
	}
	if len(counts) != len(want) {
		t.Errorf("%d flags, want %d", len(counts), len(want))
	}
	for i, g := range b.Report().Gates {
		if g.Closed != (want[g.Flag] > 0) {
			t.Errorf("gate %d, %s: %t", i, g.Flag, g.Closed)
		}
	}
	b.Fail(errors.New("it is wrong"))
	for _, count := range b.ClosedCounts() {
		if count.Closed == 0 {
			t.Errorf("%s is open, although its middleware failed", count.Gate)
		}
	}
}
