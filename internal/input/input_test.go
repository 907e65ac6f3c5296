package input

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
)

// A value is used until it has been stale for maxStale. The next time when one is too old
// is that of the one which became stale first.
func TestValuesThatAreTooOld(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		what   string
		seen   cache.Observed
		isUsed bool
		next   time.Time
	}{
		{"fresh", cache.Observed{Value: "a", Known: true}, true, time.Time{}},
		{"stale", cache.Observed{Value: "a", Known: true, Stale: now.Add(-time.Second)}, true, now.Add(time.Second)},
		{"too old", cache.Observed{Value: "a", Known: true, Stale: now.Add(-2 * time.Second)}, false, time.Time{}},
		{"not known", cache.Observed{Stale: now.Add(-time.Second)}, false, time.Time{}},
	} {
		expiry := &Expiry{Now: now, MaxStale: 2 * time.Second}
		expire(&c.seen, expiry)
		if c.seen.Known != c.isUsed || (c.seen.Value != nil) != c.isUsed || !expiry.Next.Equal(c.next) {
			t.Errorf("%s: %+v, and the next one is too old at %s", c.what, c.seen, expiry.Next)
		}
	}
	expiry := &Expiry{Now: now, MaxStale: time.Minute}
	for _, age := range []time.Duration{10, 30, 20} {
		expire(&cache.Observed{Value: "a", Known: true, Stale: now.Add(-age * time.Second)}, expiry)
	}
	if want := now.Add(30 * time.Second); !expiry.Next.Equal(want) {
		t.Errorf("the next value is too old at %s, want %s", expiry.Next, want)
	}
}
