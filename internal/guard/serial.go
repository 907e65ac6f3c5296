package guard

import (
	"fmt"
	"runtime"
	"strings"
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
	running chan struct{} // closed when the piece of work that runs has ended; nil while none does
	stopped bool
}

// Post adds work to what is waiting, and returns at once.
func (s *Serial) Post(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return
	}
	s.waiting = append(s.waiting, work)
	if !s.busy {
		s.busy = true
		go s.work()
	}
}

// Stop drops what waits, and all that is posted later. It returns when the piece of work that
// runs has ended: none runs any more, and none begins. Called from within the work of any
// Serial, it doesn't wait, so that no two can wait for each other.
func (s *Serial) Stop() {
	running := s.Drop()
	if running != nil && !isAtWork() {
		<-running
	}
}

// Drop is Stop that doesn't wait. It returns what is closed when the piece of work that runs has
// ended; nil where none runs.
func (s *Serial) Drop() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	s.waiting = nil
	return s.running
}

// atWork has the ids of the goroutines that run the work of Serials.
var atWork sync.Map

// isAtWork tells whether it is called from within the work of a Serial.
func isAtWork() bool {
	_, is := atWork.Load(goroutineID())
	return is
}

// goroutineID is what the calling goroutine's stack begins with, as "12" in "goroutine 12
// [running]:".
func goroutineID() string {
	beginning := make([]byte, 40)
	n := runtime.Stack(beginning, false)
	id, _, _ := strings.Cut(strings.TrimPrefix(string(beginning[:n]), "goroutine "), " ")
	return id
}

func (s *Serial) work() {
	defer func() {
		if r := recover(); r != nil {
			NotePanic(s.Name, fmt.Sprint(r))
		}
	}()
	id := goroutineID()
	atWork.Store(id, true)
	defer leaveWork(id)
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

func leaveWork(id string) { atWork.Delete(id) }

// next notes that the piece of work before has ended, and takes the one that waits longest;
// nil where there is none.
func (s *Serial) next() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		close(s.running)
		s.running = nil
	}
	if len(s.waiting) == 0 {
		s.busy = false
		return nil
	}
	work := s.waiting[0]
	s.waiting[0] = nil // the array below the list would keep it
	s.waiting = s.waiting[1:]
	s.running = make(chan struct{})
	return work
}
