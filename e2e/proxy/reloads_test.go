package proxy

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// withRouter adds a router that has nothing to do with the plugin.
func withRouter(config string, n int) string {
	router := fmt.Sprintf("    other%d:\n      rule: Path(`/other/%d`)\n      entryPoints: [web]\n      service: service\n", n, n)
	return strings.Replace(config, "  routers:\n", "  routers:\n"+router, 1)
}

var full = flag.Bool("full", false, "a thousand reloads")

func TestManyReloads(t *testing.T) {
	reloads := 200
	if *full {
		reloads = 1000
	}
	s := setUp(t, release+"gates:\n  - {path: /flags/open}\n", map[string]string{"/release/current": "value", "/flags/open": "on"})
	config := s.config(release + "gates:\n  - {path: /flags/open}\n")
	s.awaitValue(t, "X-Release", "value")
	s.reload(t, config, 0)
	sessions, watches := zkserver.Count(t, s.zk.Sessions), zkserver.Count(t, s.zk.Watches)
	good := func(a answer) error {
		if got := a.value("X-Release"); a.status != http.StatusOK || got != "value" {
			return fmt.Errorf("status %d, X-Release %q", a.status, got)
		}
		return nil
	}
	before := s.pluginGoroutines(t)
	l := s.startLoad(good)
	var heap, files int
	for n := 1; n <= reloads; n++ {
		s.reload(t, config, n)
		if n == reloads/2 {
			heap, files = s.inUse(t)
		}
	}
	l.finish(t)
	s.awaitInUse(t, heap, files)
	if n := zkserver.Count(t, s.zk.Sessions); n != sessions {
		t.Errorf("%d sessions, %d before the reloads", n, sessions)
	}
	if n := zkserver.Count(t, s.zk.Watches); n != watches {
		t.Errorf("%d watches, %d before the reloads", n, watches)
	}
	if n := s.pluginGoroutines(t); n > before {
		t.Errorf("%d goroutines of the plugin, %d before the reloads", n, before)
	}
	s.admin.Put("/release/current", []byte("changed"))
	s.awaitValue(t, "X-Release", "changed")
	t.Logf("%d requests served during %d reloads", l.served, reloads)
}

// inUse is what Traefik's process has: bytes on the heap, and open files.
func (s *stage) inUse(t *testing.T) (int, int) {
	t.Helper()
	heap, err := s.traefik.Heap()
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.traefik.PID()))
	if err != nil {
		t.Fatal(err)
	}
	return heap, len(files)
}

// Instances linger for half a minute, and those of reloads/2 were there at the half.
const heapTolerance = 8 << 20

// awaitInUse waits until no more is in use than at the half of the reloads.
func (s *stage) awaitInUse(t *testing.T, heap, files int) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Second) {
		nowHeap, nowFiles := s.inUse(t)
		if nowHeap <= heap+heapTolerance && nowFiles <= files {
			t.Logf("%+d bytes, %+d files since the half of the reloads", nowHeap-heap, nowFiles-files)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes and %d files are in use; at the half of the reloads it was %d and %d", nowHeap, nowFiles, heap, files)
		}
	}
}

// reload adds a router and waits until it is there. It answers what the service
// does; before, the router for all paths answers, through the plugin.
func (s *stage) reload(t *testing.T, config string, n int) {
	t.Helper()
	if err := s.traefik.WriteConfig(withRouter(config, n)); err != nil {
		t.Fatal(err)
	}
	s.await(t, fmt.Sprintf("/other/%d", n), func(a answer) error {
		if a.status != http.StatusOK || a.value("X-Release") != "" {
			return fmt.Errorf("reload %d is not in force: status %d", n, a.status)
		}
		return nil
	})
}

// pluginGoroutines counts the goroutines that the plugin and its client have started.
func (s *stage) pluginGoroutines(t *testing.T) int {
	t.Helper()
	stacks, err := s.traefik.PluginStacks()
	if err != nil {
		t.Fatal(err)
	}
	if len(stacks) == 0 {
		t.Fatal("no goroutine of the plugin found")
	}
	return len(stacks)
}

func TestConfigurationThatIsEmptyForAMoment(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "value"})
	s.awaitValue(t, "X-Release", "value")
	cons, err := s.zk.FourLetter("cons")
	if err != nil {
		t.Fatal(err)
	}
	session := sessionIDs(cons)
	for range 3 {
		if err := s.traefik.WriteConfig(""); err != nil {
			t.Fatal(err)
		}
		s.awaitStatus(t, "/", http.StatusNotFound)
		if err := s.traefik.WriteConfig(s.config(release)); err != nil {
			t.Fatal(err)
		}
		s.await(t, "/", func(a answer) error {
			if a.status == http.StatusNotFound {
				return fmt.Errorf("no router yet")
			}
			if got := a.value("X-Release"); got != "value" {
				t.Fatalf("the first answer has X-Release %q", got)
			}
			return nil
		})
	}
	cons, err = s.zk.FourLetter("cons")
	if err != nil {
		t.Fatal(err)
	}
	if now := sessionIDs(cons); now != session {
		t.Errorf("sessions %s, before %s", now, session)
	}
}

func sessionIDs(cons string) string {
	var ids []string
	for _, field := range strings.FieldsFunc(cons, func(r rune) bool { return r == ',' || r == '(' }) {
		if strings.HasPrefix(field, "sid=") {
			ids = append(ids, field)
		}
	}
	return strings.Join(ids, " ")
}

func TestNothingIsLeftOfThePlugin(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "value"})
	s.awaitValue(t, "X-Release", "value")
	with := zkserver.Count(t, s.zk.Sessions)
	if err := s.traefik.WriteConfig(""); err != nil {
		t.Fatal(err)
	}
	s.awaitStatus(t, "/", http.StatusNotFound)
	removed := time.Now()
	for zkserver.Count(t, s.zk.Sessions) != with-1 {
		if time.Since(removed) > time.Minute {
			t.Fatalf("a minute after the last instance the session is still there: %d", with)
		}
		time.Sleep(200 * time.Millisecond)
	}
	if lingered := time.Since(removed); lingered < 20*time.Second {
		t.Errorf("the session lingered for %s only", lingered)
	}
	// What is left must not be in the plugin's code or the client's.
	time.Sleep(time.Second)
	stacks, err := s.traefik.PluginStacks()
	if err != nil {
		t.Fatal(err)
	}
	if len(stacks) > 0 {
		t.Errorf("%d goroutines of the plugin are still there:\n%s", len(stacks), strings.Join(stacks, "\n\n"))
	}
	// And it comes back.
	if err := s.traefik.WriteConfig(s.config(release)); err != nil {
		t.Fatal(err)
	}
	s.awaitValue(t, "X-Release", "value")
}

func TestHundredsOfRouters(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "1"})
	config := s.config(release)
	var routers strings.Builder
	const many = 200
	for i := range many {
		fmt.Fprintf(&routers, "    r%d:\n      rule: Path(`/r/%d`)\n      entryPoints: [web]\n      middlewares: [tested]\n      service: service\n", i, i)
	}
	if err := s.traefik.WriteConfig(strings.Replace(config, "  routers:\n", "  routers:\n"+routers.String(), 1)); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"1", "2", "3"} {
		s.admin.Put("/release/current", []byte(value))
		for i := range many {
			s.await(t, fmt.Sprintf("/r/%d", i), func(a answer) error {
				if got := a.value("X-Release"); got != value {
					return fmt.Errorf("router %d sees %q, want %q", i, got, value)
				}
				return nil
			})
		}
	}
	if n := zkserver.Count(t, s.zk.Sessions); n != 2 { // the plugin's and the test's
		t.Errorf("%d sessions", n)
	}
	if n := zkserver.Count(t, s.zk.Watches); n != 1 {
		t.Errorf("%d watches on one node", n)
	}
}
