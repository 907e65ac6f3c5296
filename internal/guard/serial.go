package guard

import (
	"sync"
)

// A Serial runs the work that is posted to it piece by piece, in the order of posting. It
// has a goroutine only while there is work. The zero value is ready, but for its name.
type Serial struct {
	Name    string // of its work, for the log
	Retries bool   // run work that panics again, as Retry does; without it, such work is lost

	mu      sync.Mutex
	waiting []func()
	busy    bool
}

// Post adds work to what is waiting, and returns at once.
func (s *Serial) Post(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, work)
	if !s.busy {
		s.busy = true
		go s.work()
	}
}

func (s *Serial) work() {
	for {
		work := s.next()
		if work == nil {
			return
		}
		if s.Retries {
			Retry(s.Name, work)
		} else {
			Try(s.Name, work)
		}
	}
}

// next takes the work that waits longest; nil where there is none.
func (s *Serial) next() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.busy = false
		return nil
	}
	work := s.waiting[0]
	s.waiting[0] = nil // the array below the list would keep it
	s.waiting = s.waiting[1:]
	return work
}
