package session

import (
	"reflect"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// turnTo has a session's state change.
func turnTo(s *Session, states ...State) {
	in := Lock(s)
	defer s.Mu.Unlock()
	for _, state := range states {
		in.setState(state)
	}
}

// listenTo has a session's states written down, until a last one comes.
func listenTo(s *Session, last State) (*stateListener, chan []State) {
	var heard []State
	all := make(chan []State, 1)
	l := &stateListener{calls: &guard.Serial{Name: "test"}, listen: func(state State) {
		heard = append(heard, state)
		if state == last {
			all <- heard
		}
	}}
	s.internals.stateListeners[l] = true
	return l, all
}

// A listener is told of all states, in their order.
func TestStatesInTheirOrder(t *testing.T) {
	s := unconnected()
	_, all := listenTo(s, StateReadOnly)
	want := []State{StateConnected, StateSuspended, StateReconnected, StateSuspended, StateLost, StateReadOnly}
	turnTo(s, want...)
	if got := <-all; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

// One that has stopped is told of none, also of those that were on their way.
func TestListenerThatHasStopped(t *testing.T) {
	s := unconnected()
	stopped, none := listenTo(s, StateConnected)
	stopped.calls.Stop()
	_, all := listenTo(s, StateConnected)
	turnTo(s, StateConnected)
	<-all
	select {
	case got := <-none:
		t.Errorf("%v", got)
	case <-time.After(10 * time.Millisecond):
	}
}

// There is a session in three of the states.
func TestStatesWithASession(t *testing.T) {
	s := unconnected()
	for state, want := range map[State]bool{StateConnected: true, StateReconnected: true, StateReadOnly: true, StateSuspended: false, StateLost: false} {
		turnTo(s, state)
		if got := s.internals.IsUp(); got != want {
			t.Errorf("%s: %t", state, got)
		}
	}
}

// Who waits for the connection to change is woken by each state.
func TestStateWakes(t *testing.T) {
	s := unconnected()
	waiting := s.internals.changed
	turnTo(s, StateConnected)
	select {
	case <-waiting:
	default:
		t.Error("nobody is woken")
	}
	if s.internals.changed == waiting || time.Since(s.internals.since) > time.Minute {
		t.Error("the next change wakes nobody")
	}
}
