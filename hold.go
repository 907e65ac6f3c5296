package zookeeper

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/go-zookeeper/zk"
)

var (
	// ErrBusy: a session is being made; try again, or use Acquire.
	ErrBusy = errors.New("zookeeper: the connection is being made")
	// ErrConnectionAborted: the connection is lost, and with it perhaps the session.
	ErrConnectionAborted = errors.New("zookeeper: connection aborted")
)

// awaitHold holds the connection for a handle, and waits until there is a session, as
// long as ctx allows.
func (s *session) awaitHold(ctx context.Context) (*connection, error) {
	for {
		c, next, err := s.tryHold()
		if err == nil || next == nil {
			return c, err
		}
		chosen, _, _ := reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(next)},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
		if chosen == 1 {
			return nil, fmt.Errorf("cluster %s: %w: %s", s.name, ctx.Err(), s.log.latest())
		}
	}
}

// tryHold holds the connection for a handle; or tells why there is none, and what
// closes when it may be otherwise, nil where that is never.
func (s *session) tryHold() (*connection, <-chan struct{}, error) {
	h := lockSession(s)
	defer s.mu.Unlock()
	h.start()
	c := h.connection
	next := h.next
	if h.closed || h.superseded {
		next = nil
	}
	if h.closed || h.word == StateLost {
		return nil, next, fmt.Errorf("%w: cluster %s: %s", ErrConnectionAborted, s.name, s.log.latest())
	}
	if !h.up() || c.failed {
		return nil, next, fmt.Errorf("%w: cluster %s", ErrBusy, s.name)
	}
	c.holders++
	c.handles++
	return c, nil, nil
}

// letGo ends a handle's hold.
func (s *session) letGo(c *connection) {
	h := lockSession(s)
	defer unlockSession(s)
	c.handles--
	release(h, c)
}

// isSuperseded tells whether the cluster means another ensemble by now.
func (s *session) isSuperseded() bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	return h.superseded
}

// noteError takes in what an operation came to through a connection that is held: a
// client that can't recover from it by itself is marked as failed.
func (s *session) noteError(c *connection, err error) {
	if errors.Is(err, zk.ErrAuthFailed) || errors.Is(err, zk.ErrClosing) {
		s.fail(c)
	}
}

// servers are the addresses that count now.
func (s *session) servers() []string {
	return append([]string{}, s.inForce().servers...)
}

// agreedTimeout is the session's timeout: as client and server agreed, or as asked for.
func (s *session) agreedTimeout() time.Duration {
	h := lockSession(s)
	defer s.mu.Unlock()
	return h.timeout()
}

// stateSince is the state, and when it was reached.
func (s *session) stateSince() (State, time.Time) {
	h := lockSession(s)
	defer s.mu.Unlock()
	return h.word, h.since
}

// listen calls a function with each state that is reached from now on, in their order,
// in a goroutine of its own, until the function that it returns is called.
func (s *session) listen(listener func(State)) func() {
	l := &stateListener{calls: &serial{what: "cluster " + s.name + ": listener"}, listen: listener}
	h := lockSession(s)
	h.stateListeners[l] = true
	s.mu.Unlock()
	return func() {
		l.stopped.Store(true)
		h := lockSession(s)
		defer s.mu.Unlock()
		delete(h.stateListeners, l)
	}
}
