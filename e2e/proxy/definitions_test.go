package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const users = 19

// routed is a configuration with a router and a middleware of each name.
func (s *stage) routed(names []string, plugin func(name string) string) string {
	routers, middlewares := "  routers:\n", "  middlewares:\n"
	for _, name := range names {
		routers += fmt.Sprintf("    %s:\n      rule: Path(`/%s`)\n      entryPoints: [web]\n      middlewares: [%s]\n      service: service\n", name, name, name)
		middlewares += fmt.Sprintf("    %s:\n      plugin:\n        zookeeper:\n", name)
		for line := range strings.Lines(strings.ReplaceAll(plugin(name), "$SERVERS", s.zk.Addr())) {
			middlewares += "          " + line
		}
	}
	return "http:\n" + routers + "  services:\n    service:\n      loadBalancer:\n        servers:\n          - url: " + s.service.URL + "\n" + middlewares
}

// redefined is a configuration in which one middleware defines the cluster, and others
// name it.
func (s *stage) redefined(timeout time.Duration) string {
	names := []string{"definer"}
	for i := range users {
		names = append(names, fmt.Sprint("user", i))
	}
	return s.routed(names, func(name string) string {
		if name == "definer" {
			return fmt.Sprintf("clusters:\n  main: {servers: '$SERVERS', sessionTimeout: %s}\nrequestHeaders:\n  - {name: X-Release, path: /release}\n", timeout)
		}
		return "cluster: main\nrequestHeaders:\n  - {name: X-Release, path: /release}\n  - {name: X-Plan, path: '/plans/{header.X-User}/" + name + "'}\n"
	})
}

// redefine changes the definition, and waits until the session has the new timeout. All
// the while, everybody is served.
func (s *stage) redefine(t *testing.T, timeout time.Duration) {
	t.Helper()
	if err := s.traefik.WriteConfig(s.redefined(timeout)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		for _, path := range []string{"/definer", "/user0", fmt.Sprint("/user", users-1)} {
			a, err := s.get(path)
			if err != nil || a.status != http.StatusOK || a.value("X-Release") != "value" {
				t.Fatalf("%s, while the timeout becomes %s: status %d, X-Release %q, %v", path, timeout, a.status, a.value("X-Release"), err)
			}
		}
		sessions, err := s.zk.ConnectedSessions()
		for _, session := range sessions {
			if err == nil && session.Timeout == timeout {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("no session has a timeout of %s: %v, %v", timeout, sessions, err)
		}
	}
}

// The heap is where it was, whatever the number of changes, and there is one session.
func TestReloadsThatChangeADefinition(t *testing.T) {
	changes := 5
	if *full {
		changes = 100
	}
	s := newStage(t, map[string]string{"/release": "value"})
	s.traefik = traefik.Start(t, s.redefined(5*time.Second), traefik.Options{})
	s.await(t, "/definer", func(a answer) error {
		if a.value("X-Release") != "value" {
			return fmt.Errorf("status %d, X-Release %q", a.status, a.value("X-Release"))
		}
		return nil
	})
	timeout := 5 * time.Second
	change := func(times int) {
		for range times {
			timeout += 10 * time.Millisecond
			s.redefine(t, timeout)
		}
	}
	change(changes/3 + 1)
	if *full {
		time.Sleep(lingers)
	}
	heap, files := s.inUse(t)
	change(changes)
	if !*full {
		return // what lingers would count
	}
	tolerance := 3 << 20
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Second) {
		nowHeap, nowFiles := s.inUse(t)
		sessions := zkserver.Count(t, s.zk.Sessions)
		if nowHeap <= heap+tolerance && nowFiles <= files && sessions == 2 {
			t.Logf("%+d bytes after %d changes of the definition", nowHeap-heap, changes)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+d bytes, %+d files after %d changes; %d sessions, the plugin's and the test's are expected", nowHeap-heap, nowFiles-files, changes, sessions)
		}
	}
}

// lingers is longer than instances do.
const lingers = 35 * time.Second

// Of two that contradict each other, the one in force stays so in each reload.
func TestContradictionThroughReloads(t *testing.T) {
	for _, other := range []string{"'$SERVERS', sessionTimeout: 9s", "'127.0.0.1:1'"} {
		s := newStage(t, map[string]string{"/release": "value", "/flag": "on"})
		plugins := map[string]string{
			"first":  "clusters:\n  main: {servers: '$SERVERS'}\nrequestHeaders:\n  - {name: X-Release, path: /release}\n",
			"second": "clusters:\n  main: {servers: " + other + "}\ngates:\n  - {path: /flag}\n",
			"third":  "clusters:\n  main: {servers: " + other + "}\nrequestHeaders:\n  - {name: X-Release, path: /release}\n",
		}
		config := func(names ...string) string {
			return s.routed(names, func(name string) string { return plugins[name] })
		}
		s.traefik = traefik.Start(t, config("first"), traefik.Options{})
		s.awaitStatus(t, "/first", http.StatusOK)
		for n := range 12 {
			if err := s.traefik.WriteConfig(withRouter(config("first", "second", "third"), n)); err != nil {
				t.Fatal(err)
			}
			s.awaitStatus(t, fmt.Sprintf("/other/%d", n), http.StatusOK)
			for path, want := range map[string]int{"/first": 200, "/second": 503, "/third": 404} {
				if a, err := s.get(path); err != nil || a.status != want {
					t.Errorf("%s, reload %d: %s answers %d, want %d (%v)", other, n, path, a.status, want, err)
				}
			}
			if a, err := s.get("/first"); err != nil || a.value("X-Release") != "value" {
				t.Errorf("%s, reload %d: X-Release %q, %v", other, n, a.value("X-Release"), err)
			}
		}
	}
}
