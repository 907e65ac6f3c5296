package zookeeper

import (
	"testing"
	"time"
)

func connectionsOf(s *session) (int, State) {
	h := lockSession(s)
	defer s.mu.Unlock()
	return h.connections, h.word
}

// A client that stays without a session is replaced once in a while, also one that came
// with another definition when the session was lost already.
func TestRenewalAfterAnotherDefinition(t *testing.T) {
	t.Parallel()
	s := newSession("renewal", &settings{servers: []string{"127.0.0.1:1"}, sessionTimeout: time.Second})
	lockSession(s).start()
	s.mu.Unlock()
	defer s.close()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		_, state := connectionsOf(s)
		if state == StateLost {
			break
		}
		if time.Since(began) > 10*time.Second {
			t.Fatal(state)
		}
	}
	s.redefine(&settings{servers: []string{"127.0.0.1:1"}, sessionTimeout: 2 * time.Second})
	before, _ := connectionsOf(s)
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		now, _ := connectionsOf(s)
		if now > before {
			return
		}
		if time.Since(began) > 2*renewAfter {
			t.Fatal("it is not replaced")
		}
	}
}
