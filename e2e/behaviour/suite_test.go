// Package behaviour holds what the plugin does, as tests that run twice from
// one source: against the compiled package, and against the package interpreted
// as Traefik loads it. Both times ZooKeeper is a real server process.
package behaviour

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

type behaviour struct {
	name string
	test func(t *testing.T, s *suite)
}

func TestCompiled(t *testing.T) {
	run(t, plugin.Compiled())
}

func TestInterpreted(t *testing.T) {
	run(t, plugin.Interpreted(t))
}

// TestMain sets what the interpreter takes from the environment when it starts.
func TestMain(m *testing.M) {
	os.Setenv(passwordVariable, password)
	os.Exit(m.Run())
}

func run(t *testing.T, p plugin.Plugin) {
	s := &suite{plugin: p, zk: zkserver.Start(t)}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("the plugin printed:\n" + p.Output())
		}
	})
	s.admin = s.zk.Client(t)
	groups := [][]behaviour{configurations, values, formats, documents, hostile, manyFlags, refusals, gates, redirected, clusters, undefined, definitions, security, admissions, rotations, templates, generations, successions, headerValues, flagged, attributed, decided, memoized, inPlace, sharedLines, bypassed, addressed, answered, proxied, chained, varied, numbered, evading, unread, strangers, misconfigured, corners, leaking, outages, reloads, routers, crowds, logs, mistaken, statuses, statusesInTime}
	for _, group := range groups {
		for _, b := range group {
			t.Run(b.name, func(t *testing.T) { b.test(t, s) })
		}
	}
}

// suite is one plugin, one ZooKeeper server and a client to change its nodes.
type suite struct {
	plugin plugin.Plugin
	zk     *zkserver.Server
	admin  *zkserver.Admin
}

var clusterNo atomic.Int64

// uniqueCluster names a cluster that no other test has.
func uniqueCluster() string {
	return fmt.Sprintf("cluster%d", clusterNo.Add(1))
}

// instance is a middleware in front of a service that notes what reaches it.
type instance struct {
	handler http.Handler
	cancel  context.CancelFunc
	seen    atomic.Pointer[http.Request]
}

// start makes an instance that ends with the test. In the configuration,
// $SERVERS stands for the suite's server and $CLUSTER for a name of its own.
func (s *suite) start(t *testing.T, config string) *instance {
	t.Helper()
	inst, err := s.try(t, s.own(config))
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func (s *suite) own(config string) string {
	config = strings.ReplaceAll(config, "$SERVERS", s.zk.Addr())
	return strings.ReplaceAll(config, "$CLUSTER", uniqueCluster())
}

func (s *suite) try(t *testing.T, config string) (*instance, error) {
	t.Helper()
	decoded, err := plugin.FromYAML(config)
	if err != nil {
		t.Fatalf("the test's configuration: %v\n%s", err, config)
	}
	return s.tryDecoded(t, decoded)
}

func (s *suite) startDecoded(t *testing.T, config map[string]any) *instance {
	t.Helper()
	inst, err := s.tryDecoded(t, config)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func (s *suite) tryDecoded(t *testing.T, decoded map[string]any) (*instance, error) {
	t.Helper()
	return s.tryNamed(t, t.Name(), decoded)
}

func (s *suite) tryNamed(t *testing.T, name string, decoded map[string]any) (*instance, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	inst := &instance{cancel: cancel}
	service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inst.seen.Store(r)
		w.WriteHeader(http.StatusOK)
	})
	handler, err := s.plugin.New(ctx, service, decoded, name)
	if err != nil {
		return nil, err
	}
	inst.handler = handler
	return inst, nil
}

// answer is what a request came to: the answer, and the headers that reached
// the service, nil if the request did not.
type answer struct {
	status  int
	body    string
	answer  http.Header
	service http.Header
}

func (inst *instance) get(headers ...string) answer {
	return inst.do(http.MethodGet, headers...)
}

// do sends a request with headers, each written as it would be on the wire.
func (inst *instance) do(method string, headers ...string) answer {
	return inst.send(method, "", "/", headers...)
}

// send is do for another host, unless that is empty, and another path.
func (inst *instance) send(method, host, url string, headers ...string) answer {
	r := httptest.NewRequest(method, "http://example.test"+url, nil)
	if host != "" {
		r.Host = host
	}
	for _, line := range headers {
		name, value, named := strings.Cut(line, ": ")
		if named {
			r.Header.Add(name, value)
		}
	}
	inst.seen.Store(nil)
	w := httptest.NewRecorder()
	inst.handler.ServeHTTP(w, r)
	a := answer{status: w.Code, body: w.Body.String(), answer: w.Result().Header}
	if r := inst.seen.Load(); r != nil {
		a.service = r.Header
	}
	return a
}

// header is the value that the service sees, "(none)" where it sees none.
func (inst *instance) header(name string) string {
	a := inst.get()
	values, found := a.service[http.CanonicalHeaderKey(name)]
	if !found {
		return "(none)"
	}
	return strings.Join(values, " | ")
}

// peek is header for many clients at once.
func (inst *instance) peek(name string) string {
	r := httptest.NewRequest(http.MethodGet, "http://example.test/", nil)
	inst.handler.ServeHTTP(httptest.NewRecorder(), r)
	return r.Header.Get(name)
}

// reaches tells whether the request of a client that goes after some time
// reaches the service.
func (inst *instance) reaches(patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	inst.seen.Store(nil)
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://example.test/", nil)
	inst.handler.ServeHTTP(httptest.NewRecorder(), r)
	return inst.seen.Load() != nil
}

const patience = 20 * time.Second

func (inst *instance) awaitHeader(t *testing.T, name, want string) {
	t.Helper()
	got := ""
	eventually(t, func() bool {
		got = inst.header(name)
		return got == want
	}, func() string { return fmt.Sprintf("%s is %.80q, want %.80q", name, got, want) })
}

func (inst *instance) awaitStatus(t *testing.T, want int) {
	t.Helper()
	got := 0
	eventually(t, func() bool {
		got = inst.get().status
		return got == want
	}, func() string { return fmt.Sprintf("status is %d, want %d", got, want) })
}

func eventually(t *testing.T, holds func() bool, message func() string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(message())
		}
	}
}

// steady checks that something holds all the while.
func steady(t *testing.T, length time.Duration, holds func() bool, message func() string) {
	t.Helper()
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if !holds() {
			t.Fatal(message())
		}
	}
}
