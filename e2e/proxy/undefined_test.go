package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// pluginLines counts the plugin's lines in Traefik's log that have some words.
func (s *stage) pluginLines(words string) int {
	count := 0
	for _, line := range s.traefik.PluginLog() {
		if strings.Contains(line, words) {
			count++
		}
	}
	return count
}

func (s *stage) awaitLine(t *testing.T, words string) {
	t.Helper()
	err := s.traefik.Await(func() error {
		if n := s.pluginLines(words); n != 1 {
			return fmt.Errorf("%d lines with %q:\n%s", n, words, strings.Join(s.traefik.PluginLog(), "\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A kill switch whose cluster no router's middleware defines is closed, and says so at
// once. When a reload brings the definition, it serves by its flag. When another reload
// takes the definition away, it goes on, and says what will become of it.
func TestKillSwitchWithoutADefinition(t *testing.T) {
	s := newStage(t, map[string]string{"/kill": "off"})
	plugins := map[string]string{
		"kill":    "cluster: main\nstartupTimeout: 5s\ngates:\n  - {path: /kill, blockWhen: 'on', body: closed}\n",
		"open":    "cluster: main\nstartupTimeout: 10ms\ngates:\n  - {path: /kill, blockWhen: 'on', default: 'off', dryRun: true}\n",
		"status":  "statusPath: /status\n",
		"definer": "clusters:\n  main: {servers: '$SERVERS'}\n",
	}
	config := func(names ...string) string {
		text := s.routed(names, func(name string) string { return plugins[name] })
		return strings.ReplaceAll(text, "Path(`/status`)", "PathPrefix(`/status`)")
	}
	awaitReady := func(status int, words string) {
		t.Helper()
		s.await(t, "/status/ready", func(a answer) error {
			if a.status != status || !strings.Contains(a.body, words) {
				return fmt.Errorf("status %d, %q; want %d, %q", a.status, a.body, status, words)
			}
			return nil
		})
	}
	const line = `middleware kill@file: cluster: "main": no middleware defines this cluster`
	s.traefik = traefik.Start(t, config("kill", "open", "status"), traefik.Options{})
	s.awaitStatus(t, "/open", http.StatusOK)
	began := time.Now()
	s.awaitLine(t, line+`; define clusters.main.servers where a router uses it. Until then, the gate "/kill" is closed`)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the line came after %s", took)
	}
	s.awaitLine(t, `the gate "/kill" lets requests pass, as a dry run`)
	a, err := s.get("/kill")
	if err != nil || a.status != http.StatusForbidden || a.body != "closed" {
		t.Errorf("%v, %d, %q", err, a.status, a.body)
	}
	awaitReady(http.StatusServiceUnavailable, "middleware kill@file: nobody defines cluster main\n")
	for _, names := range [][]string{{"definer", "kill", "status"}, {"kill", "status"}} {
		if err := s.traefik.WriteConfig(config(names...)); err != nil {
			t.Fatal(err)
		}
		s.awaitStatus(t, "/open", http.StatusNotFound)
		s.awaitStatus(t, "/kill", http.StatusOK)
		if names[0] == "definer" {
			awaitReady(http.StatusOK, "ready")
		}
	}
	s.awaitLine(t, "middleware kill@file: cluster: \"main\": no middleware defines this cluster any more")
	awaitReady(http.StatusServiceUnavailable, "middleware kill@file: nobody defines cluster main any more")
	if n := s.pluginLines(line + ";"); n != 1 {
		t.Errorf("%d lines, want one for all reloads", n)
	}
}
