package guard

import (
	"sync/atomic"
	"testing"
)

// When Stop has returned, no work runs and none begins.
func TestStopWaitsForTheWorkThatRuns(t *testing.T) {
	for range 1000 {
		s := &Serial{Name: "work"}
		var stopped, late atomic.Bool
		for range 3 {
			s.Post(func() {
				if stopped.Load() {
					late.Store(true)
				}
			})
		}
		s.Stop()
		stopped.Store(true)
		s.Post(func() { late.Store(true) })
		if late.Load() {
			t.Fatal("work begins after Stop")
		}
	}
}

// Two that stop each other don't wait for each other, nor does one that stops itself.
func TestStopFromWithinWork(t *testing.T) {
	one, other := &Serial{Name: "one"}, &Serial{Name: "other"}
	running, done := make(chan bool, 2), make(chan bool, 2)
	stop := func(s *Serial) func() {
		return func() {
			running <- true
			for len(running) < 2 {
			}
			s.Stop()
			done <- true
		}
	}
	one.Post(stop(other))
	other.Post(stop(one))
	<-done
	<-done
	self := &Serial{Name: "self"}
	self.Post(func() {
		self.Stop()
		done <- true
	})
	<-done
}
