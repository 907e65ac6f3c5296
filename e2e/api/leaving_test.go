//go:build hooks

package api

import (
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/api/testdata/driver"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// What becomes of middlewares and clusters whose users leave. They linger shortly
// here, and so none of this runs beside the other tests.

func TestLeavingCompiled(t *testing.T) {
	p := plugin.Compiled()
	defer plugin.Linger(t, p, 30*time.Second)
	leaving(t, p)
}

func TestLeavingInterpreted(t *testing.T) { leaving(t, interpreted(t)) }

func leaving(t *testing.T, p plugin.Plugin) {
	plugin.Linger(t, p, 200*time.Millisecond)
	zk := zkserver.Start(t)
	t.Run("Checked", func(t *testing.T) {
		if problem := plugin.Function(t, p, driverModule, "Checked", driver.Checked)(zk.Addr()); problem != "" {
			t.Error(problem)
		}
	})
	for name, compiled := range map[string]func(string) string{
		"Leaving": driver.Leaving, "Outliving": driver.Outliving, "Moving": driver.Moving,
		"BesideMiddlewares": driver.BesideMiddlewares, "Ephemeral": driver.Ephemeral, "FollowMoves": driver.FollowMoves,
		"TreeMoves": driver.TreeMoves,
	} {
		t.Run(name, func(t *testing.T) {
			if problem := plugin.Function(t, p, driverModule, name, compiled)(zk.Addr()); problem != "" {
				t.Error(problem)
			}
		})
	}
	t.Run("Keeping", func(t *testing.T) {
		server := zkserver.Start(t)
		problem := plugin.Function(t, p, driverModule, "Keeping", driver.Keeping)(server.Addr(), func() int { return zkserver.Count(t, server.OpenSessions) })
		if problem != "" {
			t.Error(problem)
		}
	})
}
