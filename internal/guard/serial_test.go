package guard

import (
	"sync"
	"sync/atomic"
	"testing"
)

// What many goroutines post is done one after the other, and what each of them posts
// in its order.
func TestSerialKeepsTheOrder(t *testing.T) {
	const posters, each = 8, 200
	s := &Serial{Name: "test"}
	var busy atomic.Int64
	var last [posters]int
	var all, posting sync.WaitGroup
	all.Add(posters * each)
	for poster := range posters {
		posting.Add(1)
		go func() {
			defer posting.Done()
			for i := range each {
				s.Post(func() {
					defer all.Done()
					if busy.Add(1) != 1 {
						t.Error("two are done at the same time")
					}
					if last[poster] != i {
						t.Errorf("of %d, %d comes after %d", poster, i, last[poster])
					}
					last[poster] = i + 1
					busy.Add(-1)
				})
			}
		}()
	}
	posting.Wait()
	all.Wait()
}

// A panic doesn't keep what is behind it from being done.
func TestSerialGoesOnAfterAPanic(t *testing.T) {
	silence(t)
	s := &Serial{Name: "test"}
	first, second := newPanicking(1), newPanicking(0)
	s.Post(first.work)
	s.Post(second.work)
	second.await(t, 1)
	if runs := first.runs.Load(); runs != 1 {
		t.Errorf("what panicked ran %d times", runs)
	}
}

// One that retries runs it again.
func TestSerialThatRetries(t *testing.T) {
	silence(t)
	s := &Serial{Name: "test", Retries: true}
	first, second := newPanicking(1), newPanicking(0)
	s.Post(first.work)
	s.Post(second.work)
	second.await(t, 1)
	first.await(t, 2)
}
