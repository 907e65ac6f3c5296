// Package readme runs what the readme says: each command, each configuration.
package readme

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const servers = "zk1:2181,zk2:2181,zk3:2181"

func text(t *testing.T, name string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(parts.Root(), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

var fence = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// blocks are a document's blocks in a language, in their order.
func blocks(t *testing.T, name, language string) []string {
	t.Helper()
	var found []string
	for _, match := range fence.FindAllStringSubmatch(text(t, name), -1) {
		if match[1] == language {
			found = append(found, match[2])
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s has no %s", name, language)
	}
	return found
}

// Whoever copies the YAML blocks gets a Traefik that does what the readme says,
// and flags that follow zkCli.sh.
func TestConfigurationsInTraefik(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/edge", nil)
	service := httptest.NewServer(traefik.Echo())
	t.Cleanup(service.Close)
	configs := blocks(t, "readme.md", "yaml")
	options := blocks(t, "docs/configuration.md", "yaml")
	operations := blocks(t, "docs/operations.md", "yaml")
	if len(configs) != 3 || len(options) != 3 || len(operations) != 4 {
		t.Fatalf("%d, %d and %d YAML blocks: say here what the new one is for", len(configs), len(options), len(operations))
	}
	local := func(config string) string {
		config = strings.ReplaceAll(config, servers, zk.Addr())
		return strings.ReplaceAll(config, "http://127.0.0.1:8080", service.URL)
	}
	static := flat(t, configs[0])
	maps.DeleteFunc(static, func(option string, _ any) bool { return !strings.HasPrefix(option, "experimental.") }) // e2e/recipes has the rest
	maps.Copy(static, flat(t, operations[2]))                                                                       // the access log
	internal, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(internal.Release)
	static["entryPoints.internal.address"] = internal.Addr()
	static["entryPoints.web.forwardedHeaders.trustedIPs"] = []string{"127.0.0.1"} // the test is a balancer
	static["accessLog.filePath"] = filepath.Join(t.TempDir(), "access.log")
	tr := traefik.Start(t, local(configs[1]), traefik.Options{Static: static})

	await(t, tr, "/", http.StatusForbidden, "")
	admin.Put("/edge/flags/checkout", []byte("on"))
	await(t, tr, "/", http.StatusOK, "none")
	admin.Put("/edge/release/current", []byte("2026.1"))
	await(t, tr, "/", http.StatusOK, "2026.1")

	if err := tr.WriteFile("status.yml", operations[0]); err != nil {
		t.Fatal(err)
	}
	awaitStatusPage(t, tr, "http://"+internal.Addr()+"/.zookeeper")
	var prometheus struct {
		Jobs []struct {
			Path string `yaml:"metrics_path"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal([]byte(operations[1]), &prometheus); err != nil || len(prometheus.Jobs) != 1 {
		t.Fatalf("%+v, %v", prometheus, err)
	}
	awaitText(t, tr, "http://"+internal.Addr()+prometheus.Jobs[0].Path, "# TYPE traefik_zookeeper_ready gauge")

	files := map[string]string{"maintenance": configs[2], "rollout": options[0], "tenants": options[1], "colleagues": options[2]}
	for name, config := range files {
		router := "http:\n  routers:\n    " + name + ":\n      rule: Path(`/" + name + "`)\n      middlewares: [" + name + "]\n      service: shop\n"
		if err := errors.Join(tr.WriteFile(name+".yml", config), tr.WriteFile(name+"-router.yml", router)); err != nil {
			t.Fatal(err)
		}
	}
	await(t, tr, "/maintenance", http.StatusOK, "")
	admin.Put("/edge/flags/maintenance", []byte("on"))
	await(t, tr, "/maintenance", http.StatusServiceUnavailable, "")

	await(t, tr, "/rollout", http.StatusNotFound, "")
	admin.Put("/edge/flags/beta", []byte("100%"))
	admin.Put("/edge/flags/theme", []byte(`{"state": "ENABLED", "variants": {"dark": "dark"}, "defaultVariant": "dark"}`))
	awaitHeader(t, tr, "/rollout", "X-Theme", "dark")
	awaitHeader(t, tr, "/rollout", "X-Zookeeper-Decision",
		`pass; flag="/flags/beta"; variant="true"; reason=SPLIT; age=0, set; flag="/flags/theme"; variant="dark"; reason=STATIC; age=0`)

	log, err := os.ReadFile(static["accessLog.filePath"].(string))
	if err != nil || !strings.Contains(string(log), `"request_X-Zookeeper-Decision":"block; flag=`) || !strings.Contains(string(log), `"request_X-Zookeeper-Decision":"pass; flag=`) {
		t.Errorf("the access log is\n%s\n%v", log, err)
	}

	awaitHeader(t, tr, "/tenants", "X-Plan", "")
	admin.Put("/edge/defaults/plan", []byte("free"))
	awaitHeader(t, tr, "/tenants", "X-Plan", "free")
	admin.Put("/edge/tenants/127.0.0.1/plan", []byte("gold"))
	awaitHeader(t, tr, "/tenants", "X-Plan", "gold")

	await(t, tr, "/colleagues", http.StatusForbidden, "")
	awaitClient(t, tr, "198.51.100.1, 192.0.2.1", http.StatusOK)
	awaitClient(t, tr, "192.0.2.1, 198.51.100.7", http.StatusForbidden)
	admin.Put("/edge/bypass/office", []byte(blocks(t, "docs/configuration.md", "text")[0]))
	for _, client := range []string{"198.51.100.7", "2001:db8:7::1"} {
		awaitClient(t, tr, client, http.StatusOK)
	}
	awaitClient(t, tr, "198.51.100.8", http.StatusForbidden)
}

// awaitStatusPage waits for all that docs/operations.md says of the page.
func awaitStatusPage(t *testing.T, tr *traefik.Traefik, url string) {
	t.Helper()
	for path, want := range map[string]string{
		"":                         "<h2 id=\"cluster0\">Cluster main: ",
		"?format=json":             `"path": "/release/current"`,
		"?format=json&path=/flags": `"path": "/flags/checkout"`,
		"/metrics":                 `traefik_zookeeper_cluster_state{zookeeper_cluster="main",state="connected"} 1`,
		"?format=prometheus":       `traefik_zookeeper_gate_decisions_total{middleware="release@file",gate="/flags/checkout",decision="`,
		"/ready":                   "ready\n",
	} {
		err := tr.Await(func() error {
			if request, err := http.Get(tr.URL() + "/"); err == nil { // for the gate to count
				request.Body.Close()
			}
			response, err := http.Get(url + path)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err == nil && !strings.Contains(string(body), want) {
				err = fmt.Errorf("%s%s answers %d, without %s:\n%s", url, path, response.StatusCode, want, body)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func awaitText(t *testing.T, tr *traefik.Traefik, url, want string) {
	t.Helper()
	err := tr.Await(func() error {
		response, err := http.Get(url)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err == nil && !strings.Contains(string(body), want) {
			err = fmt.Errorf("%s answers %d, without %s:\n%s", url, response.StatusCode, want, body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func awaitHeader(t *testing.T, tr *traefik.Traefik, path, name, want string) {
	t.Helper()
	err := tr.Await(func() error {
		response, err := http.Get(tr.URL() + path)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		var request traefik.Echoed
		if err := json.NewDecoder(response.Body).Decode(&request); err != nil {
			return err
		}
		if got := request.Headers.Get(name); got != want {
			return fmt.Errorf("%s: %s is %q; want %q", path, name, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func await(t *testing.T, tr *traefik.Traefik, path string, status int, release string) {
	t.Helper()
	err := tr.Await(func() error {
		response, err := http.Get(tr.URL() + path)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		var request traefik.Echoed
		if response.StatusCode == http.StatusOK {
			if err := json.NewDecoder(response.Body).Decode(&request); err != nil {
				return err
			}
		}
		if got := request.Headers.Get("X-Release"); response.StatusCode != status || release != "" && got != release {
			return fmt.Errorf("%s: status %d, X-Release %q; want %d, %q", path, response.StatusCode, got, status, release)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// flat are static options.
func flat(t *testing.T, config string) map[string]any {
	t.Helper()
	options, err := traefik.Flat(config)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

// The readme's Go code is in an example that is compiled and run. That of docs/api.md is programs.
func TestGoCode(t *testing.T) {
	contains(t, "example_test.go", blocks(t, "readme.md", "go")[:1])
}

// contains checks that an example has each line of the blocks.
func contains(t *testing.T, example string, blocks []string) {
	t.Helper()
	text := text(t, example)
	for _, block := range blocks {
		for line := range strings.Lines(block) {
			if !strings.Contains(text, strings.TrimSpace(line)) {
				t.Errorf("%s doesn't have the line %s", example, line)
			}
		}
	}
}
