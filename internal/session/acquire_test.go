package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

// unreachable is a session whose server nobody answers at.
func unreachable(t *testing.T) *Session {
	t.Helper()
	s := New("unreachable", &ensemble.Settings{Servers: []string{"127.0.0.1:1"}, SessionTimeout: time.Minute})
	t.Cleanup(s.Close)
	return s
}

func TestAcquiringInEachState(t *testing.T) {
	for state, want := range map[State]error{StateSuspended: ErrBusy, StateLost: ErrConnectionAborted, StateConnected: nil, StateReconnected: nil, StateReadOnly: nil} {
		s := unreachable(t)
		turnTo(s, state)
		conn, changed, err := s.TryAcquireForHandle()
		if !errors.Is(err, want) || (conn != nil) != (want == nil) || (changed != nil) != (want != nil) {
			t.Errorf("%s: %v, %v", state, conn, err)
		}
		if conn != nil && (conn.Holders != 1 || conn.handles != 1) {
			t.Errorf("%s: %d holders, %d handles", state, conn.Holders, conn.handles)
		}
	}
}

// Who waits for a session is woken when the cluster means another ensemble, and gives up.
func TestWaitingForASupersededSession(t *testing.T) {
	s := unreachable(t)
	_, changed, _ := s.TryAcquireForHandle()
	s.Supersede()
	<-changed
	if conn, err := s.AcquireForHandle(context.Background()); conn != nil || !errors.Is(err, ErrBusy) || !s.IsSuperseded() {
		t.Errorf("%v, %v", conn, err)
	}
}

func TestWaitingForASession(t *testing.T) {
	s := unreachable(t)
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	if _, err := s.AcquireForHandle(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go turnTo(s, StateConnected)
	if conn, err := s.AcquireForHandle(context.Background()); conn == nil || err != nil {
		t.Error(err)
	}
}

// A client that has failed is given to nobody. It is replaced when its last holder releases
// it. Until then a handle keeps it, and nodes are read through it.
func TestClientThatHasFailed(t *testing.T) {
	s := unreachable(t)
	turnTo(s, StateConnected)
	handle, _, err := s.TryAcquireForHandle()
	if err != nil {
		t.Fatal(err)
	}
	reader := acquireIn(s)
	s.fail(handle)
	if _, _, err := s.TryAcquireForHandle(); !errors.Is(err, ErrBusy) {
		t.Errorf("it is acquired: %v", err)
	}
	if !isReadable(s) {
		t.Error("nothing is read through it")
	}
	s.ReleaseForHandle(handle)
	if s.internals.Connection != handle || isReadable(s) {
		t.Error("it is replaced before its last holder releases it, or read through without a handle")
	}
	s.Release(reader)
	if s.internals.Connection == handle || s.internals.state != StateSuspended {
		t.Errorf("it isn't replaced; the session is %s", s.internals.state)
	}
}

func acquireIn(s *Session) *Connection {
	in := Lock(s)
	defer Unlock(s)
	return in.Acquire()
}

func isReadable(s *Session) bool {
	in := Lock(s)
	defer Unlock(s)
	return in.IsReadable()
}

// The plugin's own operations get no connection without a session.
func TestAcquiringWithoutASession(t *testing.T) {
	s := unconnected()
	if acquireIn(s) != nil {
		t.Error("there is one before the first session")
	}
	turnTo(s, StateConnected)
	if conn := acquireIn(s); conn == nil || conn.Holders != 1 {
		t.Error("there is none in a session")
	}
	s.Close()
	if acquireIn(s) != nil {
		t.Error("there is one after the end")
	}
}

// With another definition, a handle keeps the client that it has.
func TestHandleKeepsItsClient(t *testing.T) {
	s := unreachable(t)
	turnTo(s, StateConnected)
	handle, _, err := s.TryAcquireForHandle()
	if err != nil {
		t.Fatal(err)
	}
	s.Redefine(&ensemble.Settings{Servers: []string{"127.0.0.1:2"}, SessionTimeout: time.Minute})
	if s.internals.Connection == handle || !handle.retired || s.Servers()[0] != "127.0.0.1:2" {
		t.Errorf("it is replaced: %t, retired: %t", s.internals.Connection != handle, handle.retired)
	}
	s.ReleaseForHandle(handle)
	if handle.Holders != 0 {
		t.Errorf("%d holders", handle.Holders)
	}
}
