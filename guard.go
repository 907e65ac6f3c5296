package zookeeper

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// A panic in any goroutine ends the whole proxy, so every goroutine and timer
// of the plugin runs its work through this file.

const (
	firstRestart = 100 * time.Millisecond
	lastRestart  = 30 * time.Second
)

// keepRunning runs work until it returns by itself. When it panics, the panic
// is logged and work starts again, later each time.
func keepRunning(what string, work func()) {
	for delay := firstRestart; !guarded(what, work); delay = longer(delay, lastRestart) {
		time.Sleep(delay)
	}
}

// after runs work when delay is over, unless the timer is stopped.
func after(delay time.Duration, what string, work func()) *time.Timer {
	return time.AfterFunc(delay, func() { insist(what, work) })
}

// stop ends a timer, if there is one.
func stop(timer *time.Timer) {
	if timer != nil {
		timer.Stop()
	}
}

// insist runs work once. When it panics, the panic is logged and work is run again
// some time later, and later each time; the caller doesn't wait for that.
func insist(what string, work func()) {
	if !guarded(what, work) {
		again(firstRestart, what, work)
	}
}

func again(delay time.Duration, what string, work func()) {
	time.AfterFunc(delay, func() {
		if !guarded(what, work) {
			detachedAgain(longer(delay, lastRestart), what, work)
		}
	})
}

// panics is how many were recovered.
var panics atomic.Int64

// panicsRecovered is how many there were in this process.
func panicsRecovered() int64 { return panics.Load() }

// beforeWork is for tests, which panic in it.
var beforeWork func(what string)

// guarded runs work and tells whether it came to its end.
func guarded(what string, work func()) bool {
	done := make([]bool, 1)
	runGuarded(what, work, done)
	return done[0]
}

func runGuarded(what string, work func(), done []bool) {
	defer func() {
		if r := recover(); r != nil {
			notePanic(what, fmt.Sprint(r))
		}
	}()
	if beforeWork != nil {
		beforeWork(what)
	}
	work()
	done[0] = true
}

func notePanic(what, panicked string) {
	panics.Add(1)
	logOf(levelError, "", "", "%s: panic: %s\n%s", what, panicked, debug.Stack())
}

// longer is the next step of an exponential backoff.
func longer(delay, limit time.Duration) time.Duration {
	if delay > limit/2 {
		return limit
	}
	return 2 * delay
}
