package driver

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Strictness: once Destroy has returned, no callback runs, and none begins. It may be called
// from within callbacks.
func Strictness(servers string) string {
	h, err := registered("strictness", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	err = put(h, "/strictness", "")
	if err != nil {
		return err.Error()
	}
	for i := 0; i < 200; i++ {
		text := strictRound(h)
		if text != "" {
			return problem("round %d: %s", i, text)
		}
	}
	return destroyingEachOther(h)
}

// A strict callback notes when it is called after its watch has ended.
type strict struct {
	ended, late atomic.Bool
	running     atomic.Int64
}

func (s *strict) note(_ zk.Event, _ any) {
	s.running.Add(1)
	if s.ended.Load() {
		s.late.Store(true)
	}
	time.Sleep(100 * time.Microsecond)
	s.running.Add(-1)
}

func strictRound(h *zookeeper.Handle) string {
	s := &strict{}
	w, err := h.NewWatch(s.note, nil)
	if err != nil {
		return err.Error()
	}
	_, _, err = h.Get("/strictness", w)
	if err != nil {
		return err.Error()
	}
	_, _, err = h.Children("/strictness", w)
	if err != nil {
		return err.Error()
	}
	_, err = h.Set("/strictness", nil, -1)
	if err != nil {
		return err.Error()
	}
	w.Destroy()
	running := s.running.Load()
	s.ended.Store(true)
	if running != 0 {
		return "a callback runs when Destroy has returned"
	}
	h.Set("/strictness", nil, -1)
	if s.late.Load() {
		return "a callback begins when Destroy has returned"
	}
	return ""
}

// destroying has two callbacks that destroy each other's watch, and their own.
type destroying struct {
	one, other *zookeeper.Watch
	both       sync.WaitGroup
	done       chan bool
}

func (d *destroying) destroy(e zk.Event, _ any) {
	if e.Type == zk.EventSession {
		return
	}
	d.both.Done()
	d.both.Wait()
	d.one.Destroy()
	d.other.Destroy()
	d.done <- true
}

func destroyingEachOther(h *zookeeper.Handle) string {
	d := &destroying{done: make(chan bool, 2)}
	d.both.Add(2)
	one, err := h.NewWatch(d.destroy, nil)
	if err != nil {
		return err.Error()
	}
	d.one = one
	other, err := h.NewWatch(d.destroy, nil)
	if err != nil {
		return err.Error()
	}
	d.other = other
	h.Get("/strictness", d.one)
	h.Get("/strictness", d.other)
	h.Set("/strictness", nil, -1)
	if !eventually(func() bool { return len(d.done) == 2 }) {
		return "watches whose callbacks destroy each other never end"
	}
	return ""
}

// LateWaits: all who come after an event get it, until the watch is armed again.
func LateWaits(servers string) string {
	h, err := registered("late-waits", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	err = put(h, "/late", "")
	if err != nil {
		return err.Error()
	}
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	_, _, err = h.Get("/late", w)
	if err != nil {
		return err.Error()
	}
	put(h, "/late", "1")
	const waits = 8
	results := make(chan error, waits)
	for i := 0; i < waits; i++ {
		go waitInto(w, results)
	}
	for i := 0; i < waits; i++ {
		result := <-results
		if result != nil {
			return problem("one who waits for an event that has come: %v", result)
		}
	}
	_, _, err = h.Get("/late", w)
	if err != nil || !silent(w) {
		return problem("an event when the watch is armed again, %v", err)
	}
	return severalArmed(h, w)
}

// severalArmed: where two operations have armed a watch, both events are returned.
func severalArmed(h *zookeeper.Handle, w *zookeeper.Watch) string {
	_, _, err := h.Children("/late", w)
	if err != nil {
		return err.Error()
	}
	put(h, "/late", "2")
	e, err := wait(w)
	if err != nil || e.Type != zk.EventNodeDataChanged || !silent(w) {
		return problem("the first of two is %v, %v", e.Type, err)
	}
	put(h, "/late/child", "")
	for i := 0; i < 2; i++ {
		e, err = wait(w)
		if err != nil || e.Type != zk.EventNodeChildrenChanged {
			return problem("the second of two is %v, %v", e.Type, err)
		}
	}
	w.Destroy()
	return ""
}
