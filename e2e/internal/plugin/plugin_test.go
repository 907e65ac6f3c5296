package plugin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// Nothing listens on this cluster's port, so what serves is the default.
const defaults = `
clusters:
  %:
    servers: 127.0.0.1:1
startupTimeout: 10ms
requestHeaders:
  - name: X-Release
    path: /release
    default: none
`

func TestCompiledServes(t *testing.T) { serves(t, Compiled()) }

func TestInterpretedServes(t *testing.T) { serves(t, Interpreted(t)) }

func serves(t *testing.T, p Plugin) {
	config, err := FromYAML(strings.ReplaceAll(defaults, "%", "loader"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	got := ""
	service := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("X-Release") })
	handler, err := p.New(ctx, service, config, "test")
	if err != nil {
		t.Fatal(err)
	}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if got != "none" {
		t.Errorf("%s: the service got %q", p.Mode(), got)
	}
	if _, err := p.New(ctx, service, map[string]any{"clustres": "x"}, "test"); err == nil || !strings.Contains(err.Error(), "clustres") {
		t.Errorf("%s: a misspelt key: error %v", p.Mode(), err)
	}
}

func TestScalarsArriveAsStrings(t *testing.T) {
	want := map[string]any{"gates": []any{map[string]any{"path": "/a", "status": "403"}}, "on": "true"}
	fromYAML, err := FromYAML("on: true\ngates:\n  - path: /a\n    status: 403\n")
	if err != nil || !reflect.DeepEqual(fromYAML, want) {
		t.Errorf("YAML: %#v, %v", fromYAML, err)
	}
	fromTOML, err := FromTOML("[http.middlewares.tested.plugin.zookeeper]\non = true\n[[http.middlewares.tested.plugin.zookeeper.gates]]\npath = \"/a\"\nstatus = 403\n")
	if err != nil || !reflect.DeepEqual(fromTOML, want) {
		t.Errorf("TOML: %#v, %v", fromTOML, err)
	}
	fromLabels, err := FromLabels(map[string]string{"on": "true", "gates[0].path": "/a", "gates[0].status": "403"})
	if err != nil || !reflect.DeepEqual(fromLabels, want) {
		t.Errorf("labels: %#v, %v", fromLabels, err)
	}
}

func TestInstallTakesThePluginOnly(t *testing.T) {
	root, destination := t.TempDir(), t.TempDir()
	for _, name := range []string{
		".traefik.yml", "go.mod", "a.go", "a_test.go", "readme.md", "part/b.go", ".git/c.go", "nested/go.mod", "nested/d.go",
		"vendor/modules.txt", "vendor/x/go.mod", "vendor/x/e.go", "vendor/x/LICENSE", "vendor/x/readme.md", "cmd/x/main.go",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filesOf(root)
	if err == nil {
		err = Lay(files, destination)
	}
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	filepath.Walk(destination, func(path string, info os.FileInfo, _ error) error {
		if !info.IsDir() {
			name, _ := filepath.Rel(destination, path)
			got = append(got, name)
		}
		return nil
	})
	want := []string{".traefik.yml", "a.go", "go.mod", "part/b.go", "vendor/modules.txt", "vendor/x/LICENSE", "vendor/x/e.go", "vendor/x/go.mod"}
	sort.Strings(got)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("installed %q, want %q", got, want)
	}
}
