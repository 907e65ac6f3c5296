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
// somebody waits for. Each operation that it is given to arms it for one event.
// It can be given to any number, one after the other or at once.
type Watch struct {
	session  *session.Session
	watcher  *session.Watcher
	callback func(zk.Event, any)
	context  any
	calls    *guard.Serial // of the callback

	mu        sync.Mutex
	destroyed bool
	arrived   []zk.Event // that no Wait has returned yet
	last      *zk.Event  // that a Wait has returned since the watch was armed; nil for none
	waiting   []chan zk.Event
}

// NewWatch makes a watch monitor. The callback, unless nil, is called with each
// event and the context, in their order, in a goroutine of its own. It gets the
// session's events too, of type zk.EventSession, as long as the watch is not
// destroyed; they don't use it up. A watch that is gone since its session is, or
// its connection was replaced, gives an event of type zk.EventNotWatching.
//
// It returns ErrReleased when the handle is released, and ErrConnectionAborted when
// its connection was replaced. The watch works on when the handle is released
// later, but doesn't keep the connection.
func (h *Handle) NewWatch(callback func(zk.Event, any), context any) (*Watch, error) {
	if !h.held() {
		return nil, ErrReleased
	}
	if h.session.IsReplaced(h.connection) {
		return nil, h.replacedError()
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
		w.calls.Post(func() { w.callback(e, w.context) })
	}
}

// mostKept events are kept for Waits to come, the latest ones.
const mostKept = 64

// hand gives an event to all who wait for one, or keeps it for those who come;
// w.mu is held.
func (w *Watch) hand(e zk.Event) {
	if len(w.waiting) == 0 {
		w.arrived = append(w.arrived, e)
		if len(w.arrived) > mostKept {
			w.arrived = w.arrived[1:]
		}
		return
	}
	for i := range w.waiting {
		w.waiting[i] <- e // each has room for one
	}
	w.waiting = nil
	w.last = &e
}

// beginArming forgets the event that was returned already, since an operation is about to arm
// the watch for another one.
func (w *Watch) beginArming() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = nil
}

func (w *Watch) isDestroyed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.destroyed
}

// Wait returns the next event of a node. All who wait at the time get it, and so
// do all who come later, until an operation arms the watch again. Where several
// operations have armed it, each event is returned once it is there, and those who come
// later wait for the others first. Of events for which nobody comes, the latest 64 are kept.
//
// It returns ErrInvalid when the watch is destroyed, before or meanwhile; ctx's
// error; and ErrConnectionAborted, with the event, when the watch is gone together
// with its session or its connection.
func (w *Watch) Wait(ctx context.Context) (zk.Event, error) {
	if w == nil || w.session == nil || ctx == nil {
		return zk.Event{}, fmt.Errorf("%w: Wait needs a watch and a context", ErrInvalid)
	}
	if ctx.Err() != nil {
		return zk.Event{}, ctx.Err()
	}
	arrival := make(chan zk.Event, 1)
	w.session.WithArmed(w.watcher, func(isArmed bool) { w.expect(arrival, isArmed) })
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
	if e.Type != zk.EventNotWatching {
		return e, nil
	}
	if e.Err == nil {
		return e, fmt.Errorf("%w: the watch of %s is gone", ErrConnectionAborted, e.Path)
	}
	return e, fmt.Errorf("%w: the watch of %s is gone: %w", ErrConnectionAborted, e.Path, e.Err)
}

// expect has a channel get the next event, or closes it when the watch is destroyed.
func (w *Watch) expect(arrival chan zk.Event, isArmed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.destroyed:
		close(arrival)
	case len(w.arrived) > 0:
		e := w.arrived[0]
		w.arrived = w.arrived[1:]
		w.last = &e
		arrival <- e
	case w.last != nil && !isArmed:
		arrival <- *w.last
	default:
		w.waiting = append(w.waiting, arrival)
	}
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

// Destroy ends the watch, before its event or after: whoever waits gets ErrInvalid.
// When it has returned, no callback of the watch runs, and none begins any more. So it
// waits for a callback that runs: its caller must not hold a lock that the callback takes, nor
// be who the callback waits for. Called from within a callback, the watch's own or another
// one, it doesn't wait.
//
// It returns ErrInvalid the second time.
func (w *Watch) Destroy() error {
	if w == nil || w.session == nil {
		return fmt.Errorf("%w: no watch", ErrInvalid)
	}
	if !w.end() {
		return errDestroyed()
	}
	w.session.DiscardWatcher(w.watcher)
	w.calls.Stop()
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
	w.last = nil
	return true
}
