package zookeeper

import (
	"testing"
	"time"
)

func connectionsOf(p *pool) (int, State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connections, p.state
}

// A client that stays without a session is replaced once in a while, also one that came
// with another definition when the session was lost already.
func TestRenewalAfterAnotherDefinition(t *testing.T) {
	t.Parallel()
	p := newPool("renewal", &settings{servers: []string{"127.0.0.1:1"}, sessionTimeout: time.Second})
	p.mu.Lock()
	p.start()
	p.mu.Unlock()
	defer p.close()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		_, state := connectionsOf(p)
		if state == StateLost {
			break
		}
		if time.Since(began) > 10*time.Second {
			t.Fatal(state)
		}
	}
	p.redefine(&settings{servers: []string{"127.0.0.1:1"}, sessionTimeout: 2 * time.Second})
	before, _ := connectionsOf(p)
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		now, _ := connectionsOf(p)
		if now > before {
			return
		}
		if time.Since(began) > 2*renewAfter {
			t.Fatal("it is not replaced")
		}
	}
}
