package guard

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// panicking is work that panics so many times before it returns.
type panicking struct {
	times int64
	runs  atomic.Int64
	done  chan struct{}
}

func newPanicking(times int64) *panicking {
	return &panicking{times: times, done: make(chan struct{})}
}

func (p *panicking) work() {
	if p.runs.Add(1) <= p.times {
		panic("out of order")
	}
	close(p.done)
}

func (p *panicking) await(t *testing.T, runs int64) {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		t.Fatal("it doesn't come to its end")
	}
	if got := p.runs.Load(); got != runs {
		t.Errorf("it ran %d times, want %d", got, runs)
	}
}

// silence keeps the panics that a test wants out of the log, and returns what is said.
func silence(t *testing.T) *atomic.Value {
	t.Helper()
	var last atomic.Value
	log.SetLogger(func(level, message string) {
		if strings.Contains(message, "out of order") {
			last.Store(level + " " + message)
		}
	})
	t.Cleanup(func() { log.SetLogger(nil) })
	return &last
}

// Work that panics is run again, later each time, until it returns.
func TestKeepRunning(t *testing.T) {
	silence(t)
	p, began := newPanicking(2), time.Now()
	KeepRunning("restarted", p.work)
	p.await(t, 3)
	if took := time.Since(began); took < firstRestart+2*firstRestart {
		t.Errorf("it ran three times within %s", took)
	}
}

// Nobody waits for what is run again.
func TestRetry(t *testing.T) {
	silence(t)
	p := newPanicking(2)
	Retry("retried", p.work)
	if runs := p.runs.Load(); runs != 1 {
		t.Errorf("it ran %d times before Retry returned", runs)
	}
	p.await(t, 3)
}

func TestTimerRunsAgain(t *testing.T) {
	silence(t)
	p := newPanicking(1)
	After(time.Millisecond, "timer", p.work)
	p.await(t, 2)
}

func TestTimerThatIsStopped(t *testing.T) {
	p := newPanicking(0)
	timer := After(20*time.Millisecond, "timer", p.work)
	Stop(timer)
	Stop(nil)
	time.Sleep(50 * time.Millisecond)
	if runs := p.runs.Load(); runs != 0 {
		t.Errorf("it ran %d times", runs)
	}
}

// A panic is counted, and logged with its place.
func TestPanicsAreCountedAndLogged(t *testing.T) {
	said := silence(t)
	before := panics.Load()
	if Try("counted", newPanicking(1).work) || !Try("sound", newPanicking(0).work) {
		t.Error("Try doesn't tell what came to its end")
	}
	if got := panics.Load() - before; got != 1 {
		t.Errorf("%d panics are counted", got)
	}
	text, _ := said.Load().(string)
	if !strings.HasPrefix(text, "error counted: panic: out of order\n") || !strings.Contains(text, "guard_test.go:") {
		t.Errorf("the log has %q", text)
	}
}

// A backoff doubles up to its limit, and never runs over.
func TestBackoff(t *testing.T) {
	delay := firstRestart
	for _, want := range []string{"200ms", "400ms", "800ms", "1.6s", "3.2s", "6.4s", "12.8s", "25.6s", "30s", "30s"} {
		delay = NextDelay(delay, lastRestart)
		if delay.String() != want {
			t.Fatalf("after some time it is %s, want %s", delay, want)
		}
	}
	const longest = time.Duration(1<<63 - 1)
	if got := NextDelay(longest-1, longest); got != longest {
		t.Errorf("it runs over: %s", got)
	}
}
