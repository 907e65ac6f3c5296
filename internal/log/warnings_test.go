package log

import (
	"fmt"
	"testing"
	"time"
)

// allowedWarnings is how many of so many warnings are allowed.
func allowedWarnings(name string, count int, now time.Time) int {
	allowed := 0
	for range count {
		if takeWarning(name, now) {
			allowed++
		}
	}
	return allowed
}

// 200 warnings of a cluster may come at once, and one a second after that. Another
// cluster has its own.
func TestWarningsAreSoMany(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		cluster string
		after   time.Duration
		want    int
	}{
		{"noisy", 0, mostWarnings},
		{"noisy", time.Second, 1},
		{"noisy", 11 * time.Second, 10},
		{"other", 11 * time.Second, mostWarnings},
		{"noisy", time.Hour, mostWarnings},
	} {
		if got := allowedWarnings(c.cluster, 2*mostWarnings, now.Add(c.after)); got != c.want {
			t.Errorf("%s after %s: %d warnings, want %d", c.cluster, c.after, got, c.want)
		}
	}
}

// That warnings are left out is said once, and again after a calm time.
func TestEndOfWarningsIsSaidOnce(t *testing.T) {
	const name = "said-once"
	now := time.Now()
	allowedWarnings(name, mostWarnings, now)
	if !isFirstLeftOut(name) || isFirstLeftOut(name) {
		t.Error("it isn't said once")
	}
	allowedWarnings(name, 1, now.Add(10*time.Second))
	if isFirstLeftOut(name) {
		t.Error("it is said again ten seconds later")
	}
	allowedWarnings(name, mostWarnings, now.Add(time.Hour))
	if !isFirstLeftOut(name) {
		t.Error("it isn't said an hour later")
	}
	if isFirstLeftOut("never-seen") {
		t.Error("it is said of a cluster without warnings")
	}
}

// However many names there are, only so many are kept.
func TestNamesOfWarningsAreBounded(t *testing.T) {
	for i := range 2*mostLimits + 10 {
		takeWarning(fmt.Sprint("bounded-", i), time.Now())
	}
	warningLimitsMu.Lock()
	defer warningLimitsMu.Unlock()
	if len(warningLimits) > mostLimits {
		t.Errorf("%d names are kept", len(warningLimits))
	}
}
