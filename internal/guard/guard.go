// Package guard runs the plugin's own goroutines and timers, and survives their panics. A
// panic in any goroutine ends the whole proxy, so all such work goes through this package.
// What panicked is logged with its stack, counted, and in most cases run again.
package guard

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// How long it takes until work that panicked is run again.
const (
	firstRestart = 100 * time.Millisecond
	lastRestart  = 30 * time.Second
)

// KeepRunning runs work until it returns by itself. When it panics, it is run again after
// a pause, which is longer each time. The name of the work is for the log.
func KeepRunning(name string, work func()) {
	for delay := firstRestart; !Try(name, work); delay = NextDelay(delay, lastRestart) {
		time.Sleep(delay)
	}
}

// After runs work once when the delay is over, unless the timer is stopped before. Work
// that panics is run again as by Retry.
func After(delay time.Duration, name string, work func()) *time.Timer {
	return time.AfterFunc(delay, func() { Retry(name, work) })
}

// Stop stops a timer. It does nothing for nil.
func Stop(timer *time.Timer) {
	if timer != nil {
		timer.Stop()
	}
}

// Retry runs work once. When it panics, it is run again after a pause, which is longer
// each time. The caller waits for the first run only.
func Retry(name string, work func()) {
	if !Try(name, work) {
		RetryLater(name, work)
	}
}

// RetryLater runs work again that has panicked, as Retry does.
func RetryLater(name string, work func()) { retryAfter(firstRestart, name, work) }

func retryAfter(delay time.Duration, name string, work func()) {
	time.AfterFunc(delay, func() {
		if !Try(name, work) {
			detachedRetryAfter(NextDelay(delay, lastRestart), name, work)
		}
	})
}

// panics counts those that were recovered.
var panics atomic.Int64

// PanicsRecovered is how many panics there were in this process.
func PanicsRecovered() int64 { return panics.Load() }

// beforeWork is called before all work, where a test has set it. It may panic.
var beforeWork func(name string)

// Try runs work once. It returns false where the work panicked.
func Try(name string, work func()) bool {
	done := make([]bool, 1)
	runGuarded(name, work, done)
	return done[0]
}

func runGuarded(name string, work func(), done []bool) {
	defer func() {
		if r := recover(); r != nil {
			NotePanic(name, fmt.Sprint(r))
		}
	}()
	if beforeWork != nil {
		beforeWork(name)
	}
	work()
	done[0] = true
}

// NotePanic logs and counts a panic that a caller has recovered itself, with the name of
// the work and the text of the panic.
func NotePanic(name, panicked string) {
	panics.Add(1)
	log.Process(log.LevelError, "%s: panic: %s\n%s", name, panicked, debug.Stack())
}

// NextDelay is the pause after the one that was delay, in an exponential backoff: twice as
// long, and never longer than the limit.
func NextDelay(delay, limit time.Duration) time.Duration {
	if delay > limit/2 {
		return limit
	}
	return 2 * delay
}
