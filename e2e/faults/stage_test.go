package faults

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const (
	// sessionTimeout is the plugin's, adminTimeout is the writer's: sessions are
	// told apart by them.
	sessionTimeout = 2 * time.Second
	adminTimeout   = 4 * time.Second
	// patience is for what has to come, and does within a second, on a machine that
	// has something else to do.
	patience = time.Minute
)

// stage is all the parts of a test.
type stage struct {
	ensemble *zkserver.Ensemble
	ways     []*relay.Way // from the plugin to each server
	writer   *writer
	traefik  *traefik.Traefik
	service  *httptest.Server

	subjects []*subject
	slowest  time.Duration // until a new value was served after a fault
}

func setUp(t *testing.T, options ...zkserver.Option) *stage {
	t.Helper()
	return setUpWith(t, zkserver.StartEnsemble(t, append(options, zkserver.Property("zookeeper.enforceQuota", "true"))...))
}

func setUpWith(t *testing.T, e *zkserver.Ensemble) *stage {
	t.Helper()
	s := &stage{ensemble: e, service: httptest.NewServer(traefik.Echo())}
	t.Cleanup(s.service.Close)
	for _, server := range e.Servers {
		s.ways = append(s.ways, relay.NewWay(t, server.Addr()))
	}
	s.writer = newWriter(t, e.Addr())
	s.subjects = s.watch()
	s.traefik = traefik.Start(t, s.configuration(), traefik.Options{})
	for _, subject := range s.subjects {
		err := s.traefik.Await(func() error {
			_, _, err := subject.ask(s.traefik.URL())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// watch are the paths that requests go to.
func (s *stage) watch() []*subject {
	value := &observer{history: &s.writer.value}
	number := &observer{history: &s.writer.number}
	tenant := &observer{history: &s.writer.tenant}
	gate := &observer{history: &s.writer.gate}
	flicker := &observer{history: &s.writer.flicker}
	return []*subject{
		{path: "/value", observers: []*observer{value, number}, shows: func(a answer) (map[*observer]string, error) {
			shown := map[*observer]string{}
			if err := header(value, "X-Value", a, shown); err != nil {
				return nil, err
			}
			return shown, header(number, "X-Number", a, shown)
		}},
		{path: "/tenant?of=a", observers: []*observer{tenant}, shows: func(a answer) (map[*observer]string, error) {
			shown := map[*observer]string{}
			return shown, header(tenant, "X-Tenant", a, shown)
		}},
		{path: "/gate", observers: []*observer{gate}, shows: func(a answer) (map[*observer]string, error) {
			switch a.status {
			case http.StatusOK:
				return map[*observer]string{gate: "on"}, nil
			case http.StatusForbidden:
				return map[*observer]string{gate: "off"}, nil
			}
			return nil, fmt.Errorf("%v", a)
		}},
		{path: "/flicker", observers: []*observer{flicker}, shows: func(a answer) (map[*observer]string, error) {
			shown := map[*observer]string{}
			return shown, header(flicker, "X-Flicker", a, shown)
		}},
		{path: "/closed", shows: always(http.StatusForbidden)},
		{path: "/open", shows: always(http.StatusOK)},
	}
}

// middlewares are the plugin's instances, by the paths that they are for. Each is
// one flow mapping, of which a half can't be read: where a file is cut off between
// the lines of a middleware, it says that there are no gates. Requests are held for
// as long as a busy machine may take.
var middlewares = map[string]string{
	"value": `{startupTimeout: 20s, clusters: {main: {servers: "$SERVERS", sessionTimeout: $TIMEOUT}}, requestHeaders: [` +
		`{name: X-Value, path: ` + valuePath + `, default: none}, {name: X-Number, path: ` + numberPath + `, format: json, key: n, default: none}]}`,
	"gate":    `{cluster: main, startupTimeout: 20s, gates: [{path: ` + gatePath + `}]}`,
	"flicker": `{cluster: main, startupTimeout: 20s, requestHeaders: [{name: X-Flicker, path: ` + flickerPath + `, default: none}]}`,
	"tenant":  `{cluster: main, startupTimeout: 20s, requestHeaders: [{name: X-Tenant, path: "` + tenantsPath + `/{query.of}", default: none}]}`,
	"closed":  `{cluster: main, startupTimeout: 20s, gates: [{path: ` + missingPath + `}]}`,
	"open":    `{cluster: main, startupTimeout: 20s, gates: [{path: ` + missingPath + `, default: "on"}]}`,
}

// configuration is Traefik's dynamic one.
func (s *stage) configuration() string { return s.configurationOf(middlewares) }

func (s *stage) configurationOf(middlewares map[string]string) string {
	var routers, instances strings.Builder
	for _, name := range sorted(middlewares) {
		fmt.Fprintf(&routers, "    %s: {rule: Path(`/%s`), entryPoints: [web], middlewares: [%s], service: echo}\n", name, name, name)
		fmt.Fprintf(&instances, "    %s: {plugin: {zookeeper: %s}}\n", name, middlewares[name])
	}
	var addrs []string
	for _, way := range s.ways {
		addrs = append(addrs, way.Addr())
	}
	text := strings.ReplaceAll(instances.String(), "$SERVERS", strings.Join(addrs, ","))
	text = strings.ReplaceAll(text, "$TIMEOUT", sessionTimeout.String())
	return "http:\n  routers:\n" + routers.String() +
		"  services:\n    echo: {loadBalancer: {servers: [{url: " + s.service.URL + "}]}}\n" +
		"  middlewares:\n" + text
}

func sorted(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bend makes the network between plugin and ensemble another one.
func (s *stage) bend(up, down relay.Line) {
	for _, way := range s.ways {
		way.Bend(up, down)
	}
}

func (s *stage) restore() {
	for _, way := range s.ways {
		way.Restore()
	}
}

// awaitNews writes, and waits until the new value is served. It notes how long
// after a moment that was: when all was well again.
func (s *stage) awaitNews(t *testing.T, since time.Time) {
	t.Helper()
	s.awaitChange(t)
	s.slowest = max(s.slowest, time.Since(since))
}

// awaitChange writes, and waits until the new values are served.
func (s *stage) awaitChange(t *testing.T) {
	t.Helper()
	written := s.writer.write()
	for _, subject := range s.subjects {
		err := s.await(func() error { return subject.askFor(s.traefik.URL(), written) })
		if err != nil {
			t.Fatalf("%v\n%s", err, s.pluginLog())
		}
	}
}

func (s *stage) await(holds func() error) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := holds()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) || !s.traefik.Alive() {
			return fmt.Errorf("after %s, Traefik alive %v: %w", patience, s.traefik.Alive(), err)
		}
	}
}

// pluginLog is the end of what the plugin printed.
func (s *stage) pluginLog() string {
	lines := s.traefik.PluginLog()
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// sessionsOfPlugin are those that the servers which run have now, with where
// they are.
func (s *stage) sessionsOfPlugin() (map[string]*zkserver.Server, error) {
	found := map[string]*zkserver.Server{}
	for _, server := range s.ensemble.Servers {
		if !server.Running() {
			continue
		}
		sessions, err := server.ConnectedSessions()
		if err != nil {
			return nil, err
		}
		for _, session := range sessions {
			if session.Timeout == sessionTimeout {
				found[session.ID] = server
			}
		}
	}
	return found, nil
}

// session is the only one that the plugin has.
func (s *stage) session(t *testing.T) (id string, at *zkserver.Server) {
	t.Helper()
	err := s.await(func() error {
		sessions, err := s.sessionsOfPlugin()
		if err == nil && len(sessions) != 1 {
			err = fmt.Errorf("the plugin has %d sessions: %v", len(sessions), sessions)
		}
		for id, at = range sessions {
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, at
}
