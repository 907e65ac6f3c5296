package followers

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Notifier tells of changes: those who wait for one, and a function. Changes that come while
// the function runs are told in one call.
type Notifier struct {
	calls  *guard.Serial
	change func()        // nil for none
	ended  chan struct{} // closed by Stop

	mu        sync.Mutex
	isPending bool          // a call is to come that will see what has changed
	changed   chan struct{} // closed at the next change
}

// NewNotifier has a function, unless it is nil, called at changes, in a goroutine of its own.
// The name is for the log.
func NewNotifier(name string, change func()) *Notifier {
	return &Notifier{calls: &guard.Serial{Name: name}, change: change, ended: make(chan struct{}), changed: make(chan struct{})}
}

// Signal tells of a change. It doesn't block.
func (n *Notifier) Signal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.changed)
	n.changed = make(chan struct{})
	if n.change != nil && !n.isPending {
		n.isPending = true
		n.calls.Post(func() { n.call() })
	}
}

func (n *Notifier) call() {
	n.mu.Lock()
	n.isPending = false
	n.mu.Unlock()
	n.change()
}

// Changed is closed at the next change.
func (n *Notifier) Changed() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// Stop has the function not called any more, and ends all waiting. It doesn't wait for a call that
// runs, which may wait for somebody who has gone. It is called once.
func (n *Notifier) Stop() {
	n.calls.Drop()
	close(n.ended)
}

// Await waits for one of these: a change that Changed has told of, the end of the waiting or of
// the following, whose context's error it returns, and Stop.
func Await(n *Notifier, changed <-chan struct{}, waiting, following context.Context) error {
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(changed)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(waiting.Done())},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(following.Done())},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(n.ended)},
	})
	switch {
	case waiting.Err() != nil:
		return waiting.Err()
	case following.Err() != nil:
		return following.Err()
	case chosen == ended:
		return fmt.Errorf("%w: the following has ended with Close", session.ErrConnectionAborted)
	}
	return nil
}

// ended is Stop's place in what Await waits for.
const ended = 3
