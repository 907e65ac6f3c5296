package faults

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// run injects a fault so many times while requests are served, and then looks at
// what is left of it.
func (s *stage) run(t *testing.T, f fault) {
	before, printed := s.level(t), len(s.traefik.PluginLog())
	session, _ := s.session(t)
	sessionsLost := 0
	s.slowest = 0
	l := s.startLoad(f.tolerates)
	s.writer.start()
	t.Cleanup(func() { // where the fault was fatal for the test
		s.restore()
		s.writer.finish()
		l.end()
	})
	for range f.times() {
		f.inject(t, s)
		now, _ := s.session(t)
		if now != session {
			sessionsLost++
			session = now
		}
	}
	s.writer.finish()
	l.finish(t)
	s.awaitLevel(t, before)
	noPanics(t, strings.Join(s.traefik.PluginLog()[printed:], "\n"))
	results.add(row{
		fault: f.name, times: f.times(), served: l.served, wrong: l.wrong,
		lost: losses(l.lost, sessionsLost), slowest: s.slowest, left: s.level(t).over(before),
	})
}

func losses(requests, sessions int) string {
	var lost []string
	if requests > 0 {
		lost = append(lost, fmt.Sprint(requests, " requests"))
	}
	if sessions > 0 {
		lost = append(lost, fmt.Sprint(sessions, " sessions"))
	}
	if lost == nil {
		return "nothing"
	}
	return strings.Join(lost, ", ")
}

// level is what Traefik and the plugin take at rest.
type level struct {
	goroutines int // that run the plugin
	heap       int // bytes
	files      int // descriptors, where the system tells
}

func (s *stage) level(t *testing.T) level {
	t.Helper()
	stacks, err := s.traefik.PluginStacks()
	if err != nil {
		t.Fatal(err)
	}
	now := level{goroutines: len(stacks)}
	client.CloseIdleConnections()
	files, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.traefik.PID()))
	now.files = len(files)
	if now.heap, err = s.traefik.Heap(); err != nil {
		t.Fatal(err)
	}
	return now
}

// A process's heap is never twice the same, and Traefik keeps a few connections.
// What a leak would leave behind after a round is more than that.
const (
	heapTolerance  = 24 << 20
	filesTolerance = 4 * clients
)

func (s *stage) awaitLevel(t *testing.T, before level) {
	t.Helper()
	var now level
	err := s.await(func() error {
		now = s.level(t)
		if now.goroutines > before.goroutines || now.heap > before.heap+heapTolerance || now.files > before.files+filesTolerance {
			time.Sleep(100 * time.Millisecond)
			return fmt.Errorf("%+v is left; before there was %+v", now, before)
		}
		return nil
	})
	if err != nil {
		stacks, _ := s.traefik.Stacks()
		t.Errorf("%v\n%s", err, stacks)
	}
}

func (l level) over(before level) string {
	return fmt.Sprintf("%+d goroutines, %+d files, %+.1f MB", l.goroutines-before.goroutines, l.files-before.files, float64(l.heap-before.heap)/(1<<20))
}
