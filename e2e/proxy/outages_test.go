package proxy

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestZooKeeperComesLater(t *testing.T) {
	s := &stage{zk: zkserver.Prepare(t), service: httptest.NewServer(traefik.Echo())}
	t.Cleanup(s.service.Close)
	s.traefik = traefik.Start(t, s.config(release), traefik.Options{})
	s.awaitValue(t, "X-Release", "none")
	if err := s.zk.Start(); err != nil {
		t.Fatal(err)
	}
	s.zk.Client(t).Put("/release/current", []byte("here"))
	s.awaitValue(t, "X-Release", "here")
}

func TestZooKeeperDiesAndComesBack(t *testing.T) {
	s := setUp(t, release+gate, map[string]string{"/release/current": "0", "/flags/checkout": "on"})
	s.awaitValue(t, "X-Release", "0")
	for round := 1; round <= 5; round++ {
		before, after := fmt.Sprint(round-1), fmt.Sprint(round)
		l := s.startLoad(func(a answer) error {
			if got := a.value("X-Release"); a.status != http.StatusOK || got != before && got != after {
				return fmt.Errorf("round %d: status %d, X-Release %q", round, a.status, got)
			}
			return nil
		})
		s.zk.Kill()
		time.Sleep(time.Duration(round) * 700 * time.Millisecond) // shorter and longer than the session
		if err := s.zk.Start(); err != nil {
			t.Fatal(err)
		}
		s.admin.Put("/release/current", []byte(after))
		s.awaitValue(t, "X-Release", after)
		l.finish(t)
		s.admin.Put("/flags/checkout", []byte("off"))
		s.awaitStatus(t, "/", http.StatusForbidden)
		s.admin.Put("/flags/checkout", []byte("on"))
		s.awaitStatus(t, "/", http.StatusOK)
	}
	if n := zkserver.Count(t, s.zk.Sessions); n != 2 { // the plugin's and the test's
		t.Errorf("%d sessions", n)
	}
	for _, line := range s.traefik.PluginLog() {
		if strings.Contains(line, "panic") {
			t.Error(line)
		}
	}
}

func TestWrongConfiguration(t *testing.T) {
	s := setUp(t, release, map[string]string{"/release/current": "1"})
	s.awaitValue(t, "X-Release", "1")
	for name, c := range map[string]struct {
		config string
		status int
		want   []string
	}{
		"without gates the router goes": {release + "maxStale: never\n", http.StatusNotFound, []string{"maxStale", "never", "1m30s"}},
		"with gates it answers 503":     {release + gate + "    status: soon\n", http.StatusServiceUnavailable, []string{"gates[0].status", "soon", "200 to 599"}},
		"misspelt gates as well":        {release + strings.Replace(gate, "gates", "gaets", 1), http.StatusServiceUnavailable, []string{"gaets", "unknown key"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.config = strings.Replace(c.config, "body: not yet}\n    status: soon", "body: not yet, status: soon}", 1)
			if err := s.traefik.WriteConfig(s.config(c.config)); err != nil {
				t.Fatal(err)
			}
			s.await(t, "/", func(a answer) error {
				for _, want := range c.want {
					if !strings.Contains(s.traefik.Log(), want) {
						return fmt.Errorf("Traefik's log doesn't name %s", want)
					}
				}
				return nil
			})
			s.awaitStatus(t, "/", c.status)
		})
	}
	if err := s.traefik.WriteConfig(s.config(release)); err != nil {
		t.Fatal(err)
	}
	s.awaitValue(t, "X-Release", "1")
}
