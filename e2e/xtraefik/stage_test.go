// Package xtraefik tests Traefik binaries with plugins compiled in: they are configured as
// before, and do what the interpreted plugins do.
package xtraefik

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

var full = flag.Bool("full", false, "build more Traefiks, each for a test of its own; it takes minutes")

// interpretedOddities is a module with the source of the tests' plugin which isn't compiled in.
const interpretedOddities = "example.com/interpreted/oddities"

// layInterpreted lays out that module, and no other: what is compiled in needs no sources.
func layInterpreted(src string) error {
	files := map[string][]byte{}
	for _, name := range []string{".traefik.yml", "go.mod", "oddities.go"} {
		text, err := os.ReadFile(filepath.Join(parts.OdditiesFolder(), name))
		if err != nil {
			return err
		}
		files[name] = []byte(strings.ReplaceAll(string(text), parts.Oddities, interpretedOddities))
	}
	return plugin.Lay(files, filepath.Join(src, interpretedOddities))
}

// start starts the Traefik with plugins compiled in. Its plugins are native and interpreted,
// which have the same source, zookeeper, and demo, as if from the catalog.
func start(t *testing.T, config string) *traefik.Traefik {
	t.Helper()
	binary, err := parts.InstallCompiled()
	if err != nil {
		t.Fatal(err)
	}
	return traefik.Start(t, config, traefik.Options{Binary: binary, Plugin: layInterpreted, Static: map[string]any{
		"experimental.localPlugins.native.moduleName":      parts.Oddities,
		"experimental.localPlugins.interpreted.moduleName": interpretedOddities,
		"experimental.plugins.demo.moduleName":             parts.PluginDemo,
		"experimental.plugins.demo.version":                "v0.1.0",
	}})
}

// A middleware is one of a dynamic configuration, with a router of its name in front of it.
type middleware struct{ name, plugin, config string }

func configuration(service string, middlewares ...middleware) string {
	text := "http:\n  services:\n    service: {loadBalancer: {servers: [{url: '" + service + "'}]}}\n  routers:\n"
	for _, m := range middlewares {
		text += fmt.Sprintf("    %s: {rule: 'PathPrefix(`/%s/`)', entryPoints: [web], middlewares: [%s], service: service}\n", m.name, m.name, m.name)
	}
	text += "  middlewares:\n"
	for _, m := range middlewares {
		text += fmt.Sprintf("    %s: {plugin: {%s: %s}}\n", m.name, m.plugin, m.config)
	}
	return text
}

func echo(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(traefik.Echo())
	t.Cleanup(server.Close)
	return server.URL
}

// An answer is what a client gets; err is set where that is no answer.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func ask(tr *traefik.Traefik, path string) answer {
	response, err := http.Get(tr.URL() + path)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body), err}
}

// await waits until a path answers with a status.
func await(t *testing.T, tr *traefik.Traefik, path string, status int) answer {
	t.Helper()
	var got answer
	err := tr.Await(func() error {
		if got = ask(tr, path); got.status != status {
			return fmt.Errorf("%s: status %d, %v; want %d", path, got.status, got.err, status)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
