//go:build hooks

package leaks

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
)

// A definer is a middleware that defines a cluster, a follower one that names it.
const definer = `
clusters: {%s: {servers: '%s', sessionTimeout: %dms}}
cluster: %[1]s
requestHeaders:
  - {name: X-Value, path: /value, default: none}
  - {name: X-Plan, path: '/tenants/{header.X-Tenant}', default: none}
startupTimeout: 50ms
logLevel: error
`

const follower = `
cluster: %s
requestHeaders:
  - {name: X-Plan, path: '/tenants/{header.X-Tenant}', default: none}
  - {name: X-Value, path: /value, default: none}
gates:
  - {path: /flag, dryRun: true}
startupTimeout: 50ms
logLevel: error
`

func (s *suite) new(t *testing.T, name, text string) *instance {
	t.Helper()
	decoded, err := plugin.FromYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	handler, err := s.plugin.New(ctx, http.NotFoundHandler(), decoded, name)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	return &instance{handler: handler, cancel: cancel}
}

// redefinition is a run of reloads that each define the cluster anew. The last one's
// instances are at work when memory is measured.
type redefinition struct {
	suite   *suite
	cluster string
	round   int
	all     []*instance
}

// reload has new instances in the place of those before.
func (d *redefinition) reload(t *testing.T, servers string) {
	d.cancel()
	d.round++
	d.all = []*instance{d.suite.new(t, "definer", fmt.Sprintf(definer, d.cluster, servers, 2000+d.round))}
	for i := range 3 {
		d.all = append(d.all, d.suite.new(t, fmt.Sprint("follower", i), fmt.Sprintf(follower, d.cluster)))
	}
}

func (d *redefinition) cancel() {
	for _, inst := range d.all {
		inst.cancel()
	}
}

// withCluster is what may be in use where a cluster has that many watches.
func (l level) withCluster(watches int) level {
	return level{goroutines: 1 << 20, files: 1 << 20, heap: 1 << 40, sessions: l.sessions + 1, watches: l.watches + watches}
}

// end waits until nothing is at work, as before.
func (d *redefinition) end(t *testing.T, before level) {
	d.cancel()
	d.suite.settleIdle(t, before)
}

func (d *redefinition) await(t *testing.T) {
	for _, inst := range d.all {
		inst.await(t, "one gold")
	}
}

// definitions change in a setting.
func (s *suite) definitions(t *testing.T) {
	d := &redefinition{suite: s, cluster: "definitions"}
	idle := s.level(t)
	defer d.end(t, idle)
	s.repeatTo(t, idle.withCluster(3), rounds(30, 150), func(times int) {
		for range times {
			d.reload(t, s.zk.Addr())
			d.await(t)
		}
	})
}

// otherEnsembles change with each definition: no server is in two of them.
func (s *suite) otherEnsembles(t *testing.T) {
	ways := []string{relay.NewWay(t, s.zk.Addr()).Addr(), relay.NewWay(t, s.zk.Addr()).Addr()}
	d := &redefinition{suite: s, cluster: "others"}
	idle := s.level(t)
	defer d.end(t, idle)
	s.repeatTo(t, idle.withCluster(3), rounds(30, 150), func(times int) {
		for range times {
			d.reload(t, ways[d.round%2])
			d.await(t)
		}
	})
}

// definitionsAway change in a setting while no server is there.
func (s *suite) definitionsAway(t *testing.T) {
	way := relay.NewWay(t, s.zk.Addr())
	d := &redefinition{suite: s, cluster: "away"}
	idle := s.level(t)
	defer d.end(t, idle)
	s.repeatTo(t, idle.withCluster(3), rounds(30, 150), func(times int) {
		way.Refuse()
		for range times {
			d.reload(t, way.Addr())
		}
		way.Restore()
		d.await(t)
	})
}

// replacements are of a connection whose client was closed by somebody else.
func (s *suite) replacements(t *testing.T) {
	d := &redefinition{suite: s, cluster: "replacements"}
	idle := s.level(t)
	defer d.end(t, idle)
	d.reload(t, s.zk.Addr())
	s.repeatTo(t, idle.withCluster(3), rounds(30, 150), func(times int) {
		for round := range times {
			plugin.CloseClient(t, s.plugin, "replacements")
			value := fmt.Sprint("replaced ", round)
			s.admin.Put("/value", []byte(value))
			for _, inst := range d.all {
				inst.await(t, value+" gold")
			}
		}
		s.admin.Put("/tenants/a", []byte("gold")) // has a watch of its own where it was read before the recursive one was set
	})
	s.admin.Put("/value", []byte("one"))
}
