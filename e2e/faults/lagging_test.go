package faults

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// TestLagging leaves nobody to the plugin but a server that lags behind, until it
// takes a session there.
func TestLagging(t *testing.T) {
	t.Parallel()
	// Long enough for followers not to give up a leader that they don't hear.
	e, err := zkserver.NewEnsemble(t.TempDir(), localSessions, zkserver.Configuration("syncLimit=120"))
	check(t, err)
	t.Cleanup(e.Close)
	quorum := e.QuorumWays(t)
	check(t, e.Start())
	s := setUpWith(t, e)
	s.run(t, fault{name: "the plugin's server lags behind", short: 1, full: 3, inject: func(t *testing.T, s *stage) {
		leader := e.Index(s.leader(t))
		lagging := (leader + 1) % len(e.Servers)
		quorum[lagging][leader].Bend(relay.Line{}, held)
		for i, way := range s.ways {
			if i == lagging {
				way.Refuse()
			}
		}
		s.awaitChange(t) // from the others
		for i, way := range s.ways {
			if i == lagging {
				way.Restore()
			} else {
				way.Refuse()
			}
		}
		// By now the client has been replaced by one that asks for no certain state.
		s.awaitSessionAt(t, e.Servers[lagging])
		time.Sleep(2 * time.Second)
		quorum[lagging][leader].Restore()
		s.mend(t)
	}})
}

// awaitSessionAt waits until the plugin has a session at a server.
func (s *stage) awaitSessionAt(t *testing.T, server *zkserver.Server) {
	t.Helper()
	check(t, s.await(func() error {
		if _, at := s.session(t); at != server {
			return errNotYet
		}
		return nil
	}))
}
