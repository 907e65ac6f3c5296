package session

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

var (
	// ErrBusy: a session is being made; try again, or use Acquire.
	ErrBusy = errors.New("zookeeper: the connection is being made")
	// ErrConnectionAborted: the connection is lost, and with it perhaps the session.
	ErrConnectionAborted = errors.New("zookeeper: connection aborted")
)

// Acquire returns the connection for an operation of the plugin's own, or nil where there
// is no session. It is called with the lock held. The connection is given back by Release
// or ReleaseLocked.
func (in *Internals) Acquire() *Connection {
	if in.Closed || !in.IsUp() {
		return nil
	}
	in.Connection.Holders++
	return in.Connection
}

// IsReadable tells whether nodes can be read: there is a session, and its client hasn't
// failed, or a handle keeps it from being replaced. It is called with the lock held.
func (in *Internals) IsReadable() bool {
	return in.IsUp() && (!in.Connection.failed || in.Connection.handles > 0)
}

// ReleaseLocked ends one use of a connection. It is called with the lock held.
func ReleaseLocked(in *Internals, conn *Connection) {
	conn.Holders--
	if conn.retired && conn.Holders == 0 {
		closeLater(in, conn.Client)
	}
	if conn.failed {
		in.replaceFailed()
	}
}

// Release ends one use of a connection.
func (s *Session) Release(conn *Connection) {
	in := Lock(s)
	defer Unlock(s)
	ReleaseLocked(in, conn)
}

// AcquireForHandle returns the connection for a handle. It waits until there is a session,
// as long as ctx allows. ReleaseForHandle gives the connection back.
func (s *Session) AcquireForHandle(ctx context.Context) (*Connection, error) {
	for {
		if ctx.Err() != nil {
			return nil, s.givenUp(ctx.Err())
		}
		conn, changed, err := s.TryAcquireForHandle()
		if err == nil || changed == nil {
			return conn, err
		}
		reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(changed)},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
	}
}

// givenUp is the error of a wait for a session that a context has ended.
func (s *Session) givenUp(err error) error {
	in := Lock(s)
	defer s.Mu.Unlock()
	if in.IsUp() {
		return fmt.Errorf("cluster %s: %w", s.Name, err)
	}
	return fmt.Errorf("cluster %s: %w: %s", s.Name, err, s.log.Latest())
}

// TryAcquireForHandle returns the connection for a handle, and never waits. Where there is
// no session, it returns why, and a channel that is closed when that may have changed. The
// channel is nil where it never will.
func (s *Session) TryAcquireForHandle() (*Connection, <-chan struct{}, error) {
	in := Lock(s)
	defer s.Mu.Unlock()
	in.Start()
	conn := in.Connection
	changed := in.changed
	if in.Closed || in.superseded {
		changed = nil
	}
	if in.Closed || in.state == StateLost {
		return nil, changed, fmt.Errorf("%w: cluster %s: %s", ErrConnectionAborted, s.Name, s.log.Latest())
	}
	if !in.IsUp() || conn.failed {
		return nil, changed, fmt.Errorf("%w: cluster %s", ErrBusy, s.Name)
	}
	conn.Holders++
	conn.handles++
	return conn, nil, nil
}

// ReleaseForHandle ends a handle's use of a connection.
func (s *Session) ReleaseForHandle(conn *Connection) {
	in := Lock(s)
	defer Unlock(s)
	conn.handles--
	ReleaseLocked(in, conn)
}

// fail marks a connection whose client can't help itself any more. Once nobody holds
// it, it is replaced.
func (s *Session) fail(conn *Connection) {
	in := Lock(s)
	defer Unlock(s)
	conn.failed = true
	in.replaceFailed()
}

// IsSuperseded tells whether the cluster means another ensemble by now.
func (s *Session) IsSuperseded() bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	return in.superseded
}

// NoteError takes in the error of an operation through a connection that is held. A client
// that can't recover from it by itself is marked as failed.
func (s *Session) NoteError(conn *Connection, err error) {
	if errors.Is(err, zk.ErrAuthFailed) || errors.Is(err, zk.ErrClosing) {
		s.fail(conn)
	}
}

// Servers are the addresses that count now.
func (s *Session) Servers() []string {
	return append([]string{}, s.Settings().Servers...)
}

// AgreedTimeout is the timeout of a connection's session: the one that client and server agreed
// upon, or before the first session the one that the settings want.
func (s *Session) AgreedTimeout(conn *Connection) time.Duration {
	in := Lock(s)
	defer s.Mu.Unlock()
	if conn.timeout > 0 {
		return conn.timeout
	}
	return in.timeout()
}

// StateOf is a connection's state, and when it was reached. One that was replaced has its own:
// lost where its client is closed, and else what its client is in.
func (s *Session) StateOf(conn *Connection) (State, time.Time) {
	in := Lock(s)
	defer s.Mu.Unlock()
	switch {
	case conn == in.Connection:
		return in.state, in.since
	case !conn.retired:
		return StateLost, conn.dropped
	}
	return retiredState(conn.Client.State()), conn.dropped
}

// retiredState is the state of a client that serves those only who held it when other settings
// took its place.
func retiredState(state zk.State) State {
	switch state {
	case zk.StateHasSession:
		return StateConnected
	case zk.StateConnectedReadOnly:
		return StateReadOnly
	case zk.StateDisconnected, zk.StateConnecting, zk.StateConnected:
		return StateSuspended
	}
	return StateLost
}

// IsReplaced tells whether a connection isn't the session's any more: it gets no watches.
func (s *Session) IsReplaced(conn *Connection) bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	return conn != in.Connection
}

// Listen calls a function with each state that is reached from now on, in their order,
// in a goroutine of its own. It returns a function that ends that, as the Stop of a Serial
// does: no call begins any more when it has returned.
func (s *Session) Listen(listener func(State)) func() {
	l := &stateListener{calls: &guard.Serial{Name: "cluster " + s.Name + ": listener"}, listen: listener}
	in := Lock(s)
	in.stateListeners[l] = true
	s.Mu.Unlock()
	return func() {
		s.removeListener(l)
		l.calls.Stop()
	}
}

func (s *Session) removeListener(l *stateListener) {
	in := Lock(s)
	defer s.Mu.Unlock()
	delete(in.stateListeners, l)
}
