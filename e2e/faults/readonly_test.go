package faults

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// Sessions of their own are what it takes for a server to grant one while it is
// cut off, or lags behind: others are agreed upon by all, in the order of the
// writes.
var localSessions = zkserver.Configuration("localSessionsEnabled=true")

// TestReadOnly has the plugin go on with a server that is cut off from the others,
// and lost what came later.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	s := setUp(t, localSessions, zkserver.ReadOnly())
	s.run(t, fault{name: "the ensemble is read-only", short: 1, full: 5, inject: func(t *testing.T, s *stage) {
		s.writer.finish() // nobody can write
		for _, server := range s.ensemble.Servers[:2] {
			server.Kill()
		}
		check(t, s.ensemble.Servers[2].AwaitMode("read-only"))
		s.session(t)
		time.Sleep(longerThanSession)
		for _, server := range s.ensemble.Servers[:2] {
			check(t, server.Start())
		}
		check(t, s.ensemble.AwaitQuorum())
		s.awaitNews(t, time.Now())
		s.writer.start()
	}})
}
