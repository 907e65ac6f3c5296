package zookeeper

import "sync"

// A serial runs what is posted to it one after the other, in a goroutine that
// is there only while something waits. Posting never blocks.
type serial struct {
	what    string // for the log
	insists bool   // on what panics

	mu      sync.Mutex
	waiting []func()
	busy    bool
}

func (s *serial) post(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, work)
	if !s.busy {
		s.busy = true
		go s.work()
	}
}

func (s *serial) work() {
	for {
		work := s.next()
		if work == nil {
			return
		}
		if s.insists {
			insist(s.what, work)
		} else {
			guarded(s.what, work)
		}
	}
}

func (s *serial) next() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.busy = false
		return nil
	}
	work := s.waiting[0]
	s.waiting[0] = nil // the list would keep it
	s.waiting = s.waiting[1:]
	return work
}
