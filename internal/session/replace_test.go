//go:build go1.25

// The clock of a test needs the timers that go.mod's version doesn't have yet.
//
//go:debug asynctimerchan=0

package session

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

func connectionsOf(s *Session) (int, State) {
	in := Lock(s)
	defer s.Mu.Unlock()
	return in.connections, in.state
}

// A client that stays without a session is replaced once in a while, also one that came
// with another definition when the session was lost already. The test's clock
// doesn't wait.
func TestRenewalAfterAnotherDefinition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New("renewal", &ensemble.Settings{Servers: []string{"127.0.0.1:1"}, SessionTimeout: time.Second})
		Lock(s).Start()
		s.Mu.Unlock()
		defer func() {
			s.Close()
			time.Sleep(time.Minute) // until its clients have ended
		}()
		for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			_, state := connectionsOf(s)
			if state == StateLost {
				break
			}
			if time.Since(began) > 10*time.Second {
				t.Fatal(state)
			}
		}
		s.Redefine(&ensemble.Settings{Servers: []string{"127.0.0.1:1"}, SessionTimeout: 2 * time.Second})
		before, _ := connectionsOf(s)
		for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
			now, _ := connectionsOf(s)
			if now > before {
				return
			}
			if time.Since(began) > 2*replaceAfter {
				t.Fatal("it is not replaced")
			}
		}
	})
}
