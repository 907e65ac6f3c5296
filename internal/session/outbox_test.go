package session

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// putIn puts listeners into a session's outbox, and keeps the lock.
func putIn(s *Session, listeners ...*Listener) {
	in := Lock(s)
	in.Outbox = append(in.Outbox, listeners...)
}

// counting is a listener that counts how often it is told.
func counting(count *atomic.Int64) *Listener {
	return &Listener{What: "counting", Changed: func() { count.Add(1) }}
}

// Listeners are told when the lock has been given back, so that they can take it.
func TestListenersAreToldWithoutTheLock(t *testing.T) {
	s := unconnected()
	calls := 0
	putIn(s, &Listener{What: "locking", Changed: func() {
		Lock(s)
		defer Unlock(s)
		calls++
	}})
	Unlock(s)
	if calls != 1 || len(s.internals.Outbox) != 0 {
		t.Errorf("told %d times, %d are to be told still", calls, len(s.internals.Outbox))
	}
}

// Where the lock is given back without a word, the next one tells.
func TestOutboxWaitsForWhoTells(t *testing.T) {
	s := unconnected()
	var count atomic.Int64
	putIn(s, counting(&count))
	s.Mu.Unlock()
	if count.Load() != 0 {
		t.Error("told too early")
	}
	Lock(s)
	Unlock(s)
	if count.Load() != 1 {
		t.Errorf("told %d times", count.Load())
	}
}

// Who must not wait for listeners doesn't.
func TestListenersAreToldLater(t *testing.T) {
	s := unconnected()
	release, done := make(chan struct{}), make(chan struct{})
	putIn(s, &Listener{What: "slow", Changed: func() {
		<-release
		close(done)
	}})
	UnlockAndTellLater(s)
	close(release)
	<-done
}

// A listener that panics doesn't keep others from being told, and is told again.
func TestListenerThatPanics(t *testing.T) {
	log.SetLogger(func(level, message string) {})
	defer log.SetLogger(nil)
	s := unconnected()
	var count atomic.Int64
	told := make(chan struct{})
	calls := 0
	panicking := &Listener{What: "panicking", Changed: func() {
		calls++
		if calls == 1 {
			panic("out of order")
		}
		close(told)
	}}
	putIn(s, panicking, counting(&count))
	Unlock(s)
	if count.Load() != 1 {
		t.Error("the next one isn't told")
	}
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Error("it isn't told again")
	}
}
