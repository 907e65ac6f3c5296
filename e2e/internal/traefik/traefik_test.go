package traefik

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func config(zookeeper, node, service string) string {
	return Route(fmt.Sprintf(`clusters:
  main:
    servers: %s
requestHeaders:
  - name: X-Release
    path: %s
    default: none
`, zookeeper, node), service)
}

// release is the header that the service got.
func release(tr *Traefik) (string, error) {
	answer, err := http.Get(tr.URL() + "/some/path?q=1")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var request Echoed
	if err := json.NewDecoder(answer.Body).Decode(&request); err != nil {
		return "", fmt.Errorf("%s: %w", answer.Status, err)
	}
	if request.URI != "/some/path?q=1" || request.Method != http.MethodGet || request.Host != tr.web.Addr() {
		return "", fmt.Errorf("the service got %+v", request)
	}
	return request.Headers.Get("X-Release"), nil
}

func awaitRelease(t *testing.T, tr *Traefik, want string) {
	t.Helper()
	err := tr.Await(func() error {
		got, err := release(tr)
		if err == nil && got != want {
			err = fmt.Errorf("X-Release is %q, want %q", got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTraefikServesThroughThePlugin(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	admin.Put("/first", []byte("one"))
	admin.Put("/second", []byte("two"))
	echo := httptest.NewServer(Echo())
	t.Cleanup(echo.Close)

	tr := Start(t, config(zk.Addr(), "/first", echo.URL), Options{})
	awaitRelease(t, tr, "one")
	if err := tr.WriteConfig(config(zk.Addr(), "/second", echo.URL)); err != nil {
		t.Fatal(err)
	}
	awaitRelease(t, tr, "two")

	checkInspection(t, tr)
	tr.Stop()
	if _, err := release(tr); err == nil || tr.Alive() {
		t.Fatal("it is still there")
	}
	if err := tr.Start(); err != nil {
		t.Fatal(err)
	}
	awaitRelease(t, tr, "two")
}

func checkInspection(t *testing.T, tr *Traefik) {
	t.Helper()
	if !tr.Alive() {
		t.Error("it isn't alive")
	}
	if err := tr.Start(); err == nil {
		t.Error("it was started twice")
	}
	if n, err := tr.Goroutines(); n < 10 || err != nil {
		t.Errorf("%d goroutines, %v", n, err)
	}
	if stacks, err := tr.Stacks(); err != nil || !strings.Contains(stacks, "goroutine 1 [") {
		t.Errorf("stacks %.200q, %v", stacks, err)
	}
	if stacks, err := tr.PluginStacks(); err != nil || len(stacks) == 0 {
		t.Errorf("of the plugin's goroutines %q, %v", stacks, err)
	}
	if n, err := tr.Heap(); n < 1<<20 || err != nil {
		t.Errorf("%d bytes in use, %v", n, err)
	}
	for _, e := range tr.Entries() {
		if e.Level != "debug" && e.Level != "info" && e.Level != "warn" {
			t.Errorf("logged %+v", e)
		}
	}
	if lines := strings.Join(tr.PluginLog(), "\n"); !strings.Contains(lines, "debug: zookeeper: ") {
		t.Errorf("the plugin printed %q", lines)
	}
}

func TestStaticOptionsAndEnvironment(t *testing.T) {
	echo := httptest.NewServer(Echo())
	t.Cleanup(echo.Close)
	text := "{{ env \"OF_THE_TEST\" }}" // the file provider runs templates
	tr := Start(t, config("127.0.0.1:1", "/node", echo.URL)+"# "+text+"\n", Options{
		Static: map[string]any{"log.level": "ERROR", "entryPoints.web.http.middlewares": []string{"tested@file"}},
		Env:    []string{"OF_THE_TEST=value"},
	})
	awaitRelease(t, tr, "none")
	if lines := tr.Log(); strings.Contains(lines, `"level":"debug"`) {
		t.Errorf("logged at DEBUG: %s", lines)
	}
}

func TestStartReportsPluginThatDoesNotLoad(t *testing.T) {
	tr, err := New(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	broken := filepath.Join(tr.dir, "plugins-local", "src", plugin.Module, "zookeeper.go")
	if err := os.WriteFile(broken, []byte("package zookeeper\n\nvar a = missing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	compiled, err := tr.Compiled()
	if err != nil {
		t.Fatal(err)
	}
	err = tr.Start()
	switch {
	case compiled && err != nil:
		t.Errorf("the plugin is compiled in, and its sources were read: %v", err)
	case !compiled && (err == nil || !strings.Contains(err.Error(), "failed to import plugin code")):
		t.Errorf("error %v", err)
	}
}

func TestPortThatIsTaken(t *testing.T) {
	other := httptest.NewServer(Echo())
	defer other.Close()
	taken := 0
	fmt.Sscanf(other.URL, "http://127.0.0.1:%d", &taken)
	if _, err := New(t.TempDir(), Options{Port: taken}); err == nil {
		t.Error("no error")
	}
}
