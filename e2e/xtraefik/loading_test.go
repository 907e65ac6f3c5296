package xtraefik

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// All plugins of a static configuration work next to each other: compiled in ones without
// their sources, as local ones and as if from the catalog, and interpreted ones.
func TestPluginsNextToEachOther(t *testing.T) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release", []byte("2026.1"))
	tr := start(t, configuration(echo(t),
		middleware{"release", "zookeeper", "{clusters: {main: {servers: '" + zk.Addr() + "'}}, requestHeaders: [{name: X-Release, path: /release}]}"},
		middleware{"demo", "demo", "{headers: {X-Demo: '[[ .Host ]]'}}"},
		middleware{"own", "native", "{text: a}"}, middleware{"other", "interpreted", "{text: a}"}))
	host := strings.TrimPrefix(tr.URL(), "http://")
	for path, want := range map[string]string{"/release/": `"X-Release": [` + "\n" + `      "2026.1"`, "/demo/": `"X-Demo": [` + "\n" + `      "` + host + `"`, "/own/": "", "/other/": ""} {
		if got := await(t, tr, path, http.StatusOK); !strings.Contains(got.body, want) {
			t.Errorf("%s: the service got %s; want %s", path, got.body, want)
		}
	}
	zk.Client(t).Put("/release", []byte("2026.2"))
	err := tr.Await(func() error {
		if got := ask(tr, "/release/"); !strings.Contains(got.body, "2026.2") {
			return got.err
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}

	told := map[string]int{}
	for _, e := range tr.Entries() {
		told[e.Level+": "+e.Message]++
	}
	for _, want := range []string{
		"info: Plugin " + plugin.Module + " is compiled in",
		"info: Plugin " + parts.PluginDemo + " is compiled in",
		"info: Plugin " + parts.Oddities + " is compiled in",
		"warn: Plugin " + parts.PluginDemo + " is compiled in as " + parts.PluginDemoVersion + ", which is used; the static configuration names v0.1.0",
	} {
		if told[want] != 1 {
			t.Errorf("logged %d times: %s", told[want], want)
		}
	}
	if told["info: Plugin "+interpretedOddities+" is compiled in"] > 0 {
		t.Error("an interpreted plugin is said to be compiled in")
	}
}

// Stacks have the plugin's functions by their names.
func TestNamesInStacks(t *testing.T) {
	tr := startRelease(t)
	if compiled, err := tr.Compiled(); !compiled || err != nil {
		t.Errorf("compiled %t, %v", compiled, err)
	}
	profile, err := tr.API("/debug/pprof/goroutine?debug=1")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{plugin.Module + "/internal/", "github.com/go-zookeeper/zk."} {
		if !strings.Contains(profile, want) {
			t.Errorf("the profile has no function of %s", want)
		}
	}
}

// A compiled-in middleware that the static configuration doesn't name isn't there.
func TestOnlyWhatIsConfigured(t *testing.T) {
	tr := start(t, configuration(echo(t), middleware{"good", "native", "{text: a}"}, middleware{"bad", "oddities", "{text: a}"}))
	await(t, tr, "/good/", http.StatusOK)
	await(t, tr, "/bad/", http.StatusNotFound)
	if got := problems(t, tr, "bad"); !strings.Contains(got, "unknown plugin type: oddities") {
		t.Errorf("Traefik says %q", got)
	}
}
