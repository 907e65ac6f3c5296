package driver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Watching: each operation arms a watch for one event.
func Watching(servers string) string {
	h, err := registered("watching", servers+"/chroot")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	steps := []struct {
		arm  func() error
		act  func() error
		want zk.EventType
	}{
		{func() error { _, _, err := h.Exists("/w", w); return err }, func() error { return put(h, "/chroot/w", "1") }, zk.EventNodeCreated},
		{func() error { _, _, err := h.Exists("/w", w); return err }, func() error { return put(h, "/chroot/w", "2") }, zk.EventNodeDataChanged},
		{func() error { _, _, err := h.Get("/w", w); return err }, func() error { return put(h, "/chroot/w", "3") }, zk.EventNodeDataChanged},
		{func() error { _, _, err := h.Children("/w", w); return err }, func() error { return put(h, "/chroot/w/child", "") }, zk.EventNodeChildrenChanged},
		{func() error { _, _, err := h.Get("/w/child", w); return err }, func() error { return h.Conn().Delete("/chroot/w/child", -1) }, zk.EventNodeDeleted},
	}
	for i, step := range steps {
		err := step.arm()
		if err != nil {
			return problem("arming %d: %v", i, err)
		}
		if !silent(w) {
			return problem("an event before %d", i)
		}
		err = step.act()
		if err != nil {
			return problem("acting %d: %v", i, err)
		}
		e, err := wait(w)
		path := "/w"
		if i == 4 {
			path = "/w/child"
		}
		if err != nil || e.Type != step.want || e.Path != path {
			return problem("event %d is %v of %s, %v", i, e.Type, e.Path, err)
		}
	}
	err = put(h, "/chroot/w", "4")
	e, late := wait(w)
	if err != nil || late != nil || e.Type != zk.EventNodeDeleted {
		return problem("after the last event, %v: %v, %v", err, e.Type, late)
	}
	_, _, err = h.Get("/missing", w)
	if err != zk.ErrNoNode || !silent(w) {
		return problem("a node that is not there: %v", err)
	}
	return together(h)
}

// together: watches of the same node, and one watch at two nodes.
func together(h *zookeeper.Handle) string {
	first, _ := h.NewWatch(nil, nil)
	second, _ := h.NewWatch(nil, nil)
	h.Get("/w", first)
	h.Get("/w", first)
	h.Get("/w", second)
	h.Children("/w", second)
	put(h, "/chroot/w", "5")
	_, err := wait(first)
	if err != nil {
		return problem("the first: %v", err)
	}
	_, err = wait(second)
	if err != nil || !silent(second) {
		return problem("the second: %v; or it has two events", err)
	}
	put(h, "/chroot/w/child", "")
	e, err := wait(second)
	if err != nil || e.Type != zk.EventNodeChildrenChanged {
		return problem("children: %v, %v", e.Type, err)
	}
	e, err = wait(first)
	if err != nil || e.Type != zk.EventNodeDataChanged {
		return problem("the first has another one: %v, %v", e.Type, err)
	}
	return ""
}

// Destruction: before the event, after it, and while somebody waits; once.
func Destruction(servers string) string {
	h, err := registered("destruction", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/destruction", "0")
	calls := &recorder{}
	before, _ := h.NewWatch(calls.note, "before")
	h.Get("/destruction", before)
	if before.Destroy() != nil || !errors.Is(before.Destroy(), zookeeper.ErrInvalid) {
		return "Destroy before the event"
	}
	after, _ := h.NewWatch(nil, nil)
	h.Get("/destruction", after)
	put(h, "/destruction", "1")
	_, err = wait(after)
	if err != nil || after.Destroy() != nil || !errors.Is(after.Destroy(), zookeeper.ErrInvalid) {
		return problem("Destroy after the event: %v", err)
	}
	_, err = wait(after)
	_, _, get := h.Get("/destruction", after)
	if !errors.Is(err, zookeeper.ErrInvalid) || !errors.Is(get, zookeeper.ErrInvalid) {
		return problem("after Destroy: Wait %v, Get %v", err, get)
	}
	waited, _ := h.NewWatch(nil, nil)
	h.Get("/destruction", waited)
	result := make(chan error, 1)
	go waitInto(waited, result)
	time.Sleep(20 * time.Millisecond)
	waited.Destroy()
	err = <-result
	if !errors.Is(err, zookeeper.ErrInvalid) {
		return problem("Wait while it is destroyed: %v", err)
	}
	if calls.count() != 0 {
		return "a callback after Destroy"
	}
	return ""
}

func waitInto(w *zookeeper.Watch, result chan error) {
	defer func() { recover() }()
	_, err := wait(w)
	result <- err
}

// recorder is a callback with what it was called with.
type recorder struct {
	mu     sync.Mutex
	events []string
}

func (r *recorder) note(e zk.Event, context any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, fmt.Sprint(context, " ", e.Type, " ", e.State))
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.events)
}

func (r *recorder) has(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, event := range r.events {
		if event == text {
			return true
		}
	}
	return false
}

// Callbacks get the session's events too, which use nothing up: the watch
// outlives the server's restart. A callback that panics harms nobody, and one
// may use the handle.
func Callbacks(servers string, restart func()) string {
	h, err := registered("callbacks", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	put(h, "/callbacks", "0")
	calls := &recorder{}
	w, _ := h.NewWatch(calls.note, 17)
	wild, _ := h.NewWatch(func(zk.Event, any) { panic("a callback's own") }, nil)
	rearming := &rearmed{handle: h}
	rearming.watch, _ = h.NewWatch(rearming.read, nil)
	h.Get("/callbacks", w)
	h.Get("/callbacks", wild)
	h.Get("/callbacks", rearming.watch)
	restart()
	if !eventually(func() bool { return calls.has("17 EventSession StateDisconnected") }) {
		return "no session event"
	}
	if !eventually(func() bool { return put(h, "/callbacks", "1") == nil }) {
		return "the server is not back"
	}
	if !eventually(func() bool { return calls.has("17 EventNodeDataChanged StateSyncConnected") }) {
		return problem("no event after %v", calls.events)
	}
	_, err = wait(w)
	if err != nil {
		return err.Error()
	}
	for i := 2; i < 5; i++ {
		value := fmt.Sprint(i)
		put(h, "/callbacks", value)
		if !eventually(func() bool { return rearming.value() == value }) {
			return problem("a callback that reads got %s, not %s", rearming.value(), value)
		}
	}
	return ""
}

// rearmed reads the node in the callback, which arms its watch again.
type rearmed struct {
	handle *zookeeper.Handle
	watch  *zookeeper.Watch
	mu     sync.Mutex
	last   string
}

func (r *rearmed) read(e zk.Event, _ any) {
	if e.Type == zk.EventSession {
		return
	}
	data, _, err := r.handle.Get("/callbacks", r.watch)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = string(data)
}

func (r *rearmed) value() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// Expiry: a watch is gone with its session, and says so.
func Expiry(servers string, expire func()) string {
	h, err := registered("expiry", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	states := &states{}
	stop := h.Listen(states.note)
	w, _ := h.NewWatch(nil, nil)
	_, _, err = h.Get("/", w)
	if err != nil {
		return err.Error()
	}
	expire()
	e, err := wait(w)
	if !errors.Is(err, zookeeper.ErrConnectionAborted) || e.Type != zk.EventNotWatching {
		return problem("after the session: %v, %v", e.Type, err)
	}
	const want = "[suspended lost reconnected]"
	if !eventually(func() bool { return states.text() == want }) {
		return problem("states %s, want %s", states.text(), want)
	}
	if h.State() != zookeeper.StateReconnected {
		return problem("the state is %s", h.State())
	}
	_, _, err = h.Get("/", w)
	if err != nil {
		return problem("in the next session: %v", err)
	}
	stop()
	stop()
	return ""
}

type states struct {
	mu   sync.Mutex
	seen []zookeeper.State
}

func (s *states) note(state zookeeper.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, state)
}

func (s *states) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.seen)
}
