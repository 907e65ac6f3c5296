//go:build hooks

package leaks

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// keeper stays, and reads a fixed path and a pattern.
const keeper = `
clusters: {%s: {servers: '%s'}}
requestHeaders:
  - {name: X-Value, path: /watched/kept, default: none}
  - {name: X-Plan, path: '/watched/kept/{header.X-Tenant}/plan', default: none}
statusPath: /.zookeeper
startupTimeout: 50ms
logLevel: error
`

// passer goes again. Each of its paths is watched in another way: the top of its
// patterns by itself, for its children, and below another pattern.
const passer = `
cluster: %s
requestHeaders:
  - {name: X-Value, path: '/watched/%[2]d', default: none}
  - {name: X-Missing, path: '/watched/%[2]d/missing', default: none}
  - {name: X-Names, path: '/watched/%[2]d', format: children, default: none}
  - {name: X-Plan, path: '/watched/%[2]d/{header.X-Tenant}/plan', default: none}
  - {name: X-More, path: '/watched/%[2]d/{header.X-Tenant}', format: children, default: none}
  - {name: X-Beside, path: '/watched/{header.X-Tenant}/none', maxNodes: 5, default: none}
startupTimeout: 50ms
logLevel: error
`

// watches at the server are those that the middlewares need that there are, whenever
// others have gone: also while there was no connection to take them back.
func (s *suite) watches(t *testing.T) {
	way := relay.NewWay(t, s.zk.Addr())
	idle := s.level(t)
	s.admin.Put("/watched/kept/a/plan", []byte("gold"))
	s.admin.Put("/watched/kept", []byte("one"))
	decoded, err := plugin.FromYAML(fmt.Sprintf(keeper, "watched", way.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	handler, err := s.plugin.New(ctx, http.NotFoundHandler(), decoded, "keeper")
	if err != nil {
		t.Fatal(err)
	}
	kept := &instance{handler: handler, cancel: cancel}
	kept.await(t, "one gold")
	needed := zkserver.Count(t, s.zk.Watches)
	for round := range rounds(4, 40) {
		s.admin.Put(fmt.Sprintf("/watched/%d/a/plan", round), []byte("free"))
		s.admin.Put(fmt.Sprintf("/watched/%d", round), []byte("two"))
		inst := s.new(t, "passer", fmt.Sprintf(passer, "watched", round))
		inst.await(t, "two free")
		if round%2 == 0 {
			inst.cancel()
			s.awaitWatches(t, kept, needed)
			continue
		}
		way.Refuse()
		inst.cancel()
		time.Sleep(300 * time.Millisecond) // the linger
		way.Restore()
		s.admin.Put("/watched/kept", []byte(fmt.Sprint(round)))
		kept.await(t, fmt.Sprint(round, " gold"))
		s.admin.Put("/watched/kept", []byte("one"))
		kept.await(t, "one gold")
		s.awaitWatches(t, kept, needed)
	}
	cancel()
	s.settleIdle(t, idle)
}

var watchesMetric = regexp.MustCompile(`(?m)^traefik_zookeeper_watches\{[^}]*"watched"[^}]*\} (\d+)$`)

// awaitWatches waits until the server has so many, and the metric says so.
func (s *suite) awaitWatches(t *testing.T, kept *instance, needed int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		w := httptest.NewRecorder()
		kept.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.zookeeper/metrics", nil))
		told := -1
		if found := watchesMetric.FindStringSubmatch(w.Body.String()); found != nil {
			told, _ = strconv.Atoi(found[1])
		}
		there := zkserver.Count(t, s.zk.Watches)
		if there == needed && told == needed {
			return
		}
		if time.Now().After(deadline) {
			watches, _ := s.zk.FourLetter("wchp")
			t.Fatalf("the server has %d watches, the metric says %d, needed are %d\n%s", there, told, needed, watches)
		}
	}
}
