package zookeeper

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Watch is a watch monitor: what an operation of a Handle leaves at a node, and
// somebody waits for. Each operation that it is given to arms it for one event;
// it can be given to any number, one after the other or at once.
type Watch struct {
	session  *session.Session
	watcher  *session.Watcher
	callback func(zk.Event, any)
	context  any
	calls    *guard.Serial // of the callback

	mu        sync.Mutex
	destroyed bool
	arrived   []zk.Event // for Waits to come
	waiting   []chan zk.Event
}

// NewWatch makes a watch monitor. The callback, unless nil, is called with each
// event and the context, in their order, in a goroutine of its own. It gets the
// session's events too, of type zk.EventSession, as long as the watch is not
// destroyed; they don't use it up. A watch that is gone since its session is, or
// its connection was replaced, gives an event of type zk.EventNotWatching.
//
// It returns ErrNoLock when the handle is released. The watch works on when the
// handle is released later, but doesn't keep the connection.
func (h *Handle) NewWatch(callback func(zk.Event, any), context any) (*Watch, error) {
	if !h.held() {
		return nil, ErrNoLock
	}
	w := &Watch{session: h.session, callback: callback, context: context, calls: &guard.Serial{Name: "cluster " + h.Name() + ": watch"}}
	w.watcher = &session.Watcher{Notify: w.notify}
	if callback != nil {
		w.session.AddSessionWatcher(w.watcher)
	}
	return w, nil
}

// notify takes an event, with the session's lock held.
func (w *Watch) notify(e zk.Event) {
	if e.Type != zk.EventSession {
		e.Path = w.session.Chroot.Relative(e.Path)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.destroyed {
		return
	}
	if e.Type != zk.EventSession {
		w.hand(e)
	}
	if w.callback != nil {
		w.calls.Post(func() { w.call(e) })
	}
}

// mostKept events are kept for Waits to come, the latest ones.
const mostKept = 64

// hand gives an event to all who wait for one, or keeps it for the next who does;
// w.mu is held.
func (w *Watch) hand(e zk.Event) {
	if len(w.waiting) == 0 {
		w.arrived = append(w.arrived, e)
		if len(w.arrived) > mostKept {
			w.arrived = w.arrived[1:]
		}
	}
	for i := range w.waiting {
		w.waiting[i] <- e // each has room for one
	}
	w.waiting = nil
}

func (w *Watch) call(e zk.Event) {
	if !w.isDestroyed() {
		w.callback(e, w.context)
	}
}

func (w *Watch) isDestroyed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.destroyed
}

// Wait returns the next event of a node. All who wait at the time get it; one that
// comes while nobody waits is kept, for one Wait; of many the latest 64.
//
// It returns ErrInvalid when the watch is destroyed, before or meanwhile; ctx's
// error; and ErrConnectionAborted, with the event, when the watch is gone together
// with its session or its connection.
func (w *Watch) Wait(ctx context.Context) (zk.Event, error) {
	if w == nil || w.session == nil || ctx == nil {
		return zk.Event{}, fmt.Errorf("%w: Wait needs a watch and a context", ErrInvalid)
	}
	arrival, err := w.expect()
	if err != nil {
		return zk.Event{}, err
	}
	chosen, value, open := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(arrival)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
	})
	if chosen == 1 {
		return w.giveUp(arrival, ctx.Err())
	}
	if !open {
		return zk.Event{}, errDestroyed()
	}
	return judged(value.Interface().(zk.Event))
}

func errDestroyed() error { return fmt.Errorf("%w: the watch is destroyed", ErrInvalid) }

func judged(e zk.Event) (zk.Event, error) {
	if e.Type == zk.EventNotWatching {
		return e, fmt.Errorf("%w: the watch of %s is gone: %w", ErrConnectionAborted, e.Path, e.Err)
	}
	return e, nil
}

// expect returns a channel that gets the next event, and is closed without one
// when the watch is destroyed.
func (w *Watch) expect() (chan zk.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.destroyed {
		return nil, errDestroyed()
	}
	arrival := make(chan zk.Event, 1)
	if len(w.arrived) > 0 {
		arrival <- w.arrived[0]
		w.arrived = w.arrived[1:]
	} else {
		w.waiting = append(w.waiting, arrival)
	}
	return arrival, nil
}

// giveUp ends a wait. An event that came at the same time is not lost.
func (w *Watch) giveUp(arrival chan zk.Event, err error) (zk.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(arrival) > 0 {
		e := <-arrival
		return judged(e)
	}
	for i := range w.waiting {
		if w.waiting[i] == arrival {
			w.waiting = append(w.waiting[:i], w.waiting[i+1:]...)
			break
		}
	}
	return zk.Event{}, err
}

// Destroy ends the watch, before its event or after: whoever waits gets ErrInvalid,
// and no callback begins any more. It returns ErrInvalid the second time.
func (w *Watch) Destroy() error {
	if w == nil || w.session == nil {
		return fmt.Errorf("%w: no watch", ErrInvalid)
	}
	if !w.end() {
		return errDestroyed()
	}
	w.session.DiscardWatcher(w.watcher)
	return nil
}

func (w *Watch) end() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.destroyed {
		return false
	}
	w.destroyed = true
	for i := range w.waiting {
		close(w.waiting[i])
	}
	w.waiting = nil
	w.arrived = nil
	return true
}
