// Package catalog checks the repository as Traefik's plugin catalog does.
package catalog

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"gopkg.in/yaml.v3"
)

// manifest is what the catalog reads in .traefik.yml; other keys are mistakes.
type manifest struct {
	DisplayName string         `yaml:"displayName"`
	Type        string         `yaml:"type"`
	Import      string         `yaml:"import"`
	BasePkg     string         `yaml:"basePkg"`
	Summary     string         `yaml:"summary"`
	IconPath    string         `yaml:"iconPath"`
	TestData    map[string]any `yaml:"testData"`
}

func read(t *testing.T) manifest {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(file(t, ".traefik.yml")))
	decoder.KnownFields(true)
	var m manifest
	if err := decoder.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root(), name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestManifest(t *testing.T) {
	m := read(t)
	if m.DisplayName == "" || m.Summary == "" || m.Type != "middleware" || len(m.TestData) == 0 {
		t.Errorf("the manifest is %+v", m)
	}
	module := regexp.MustCompile(`(?m)^module (\S+)$`).FindSubmatch(file(t, "go.mod"))
	if module == nil || m.Import != string(module[1]) || m.Import != plugin.Module {
		t.Errorf("import is %s; go.mod has %q", m.Import, module)
	}
	if !bytes.HasPrefix(file(t, "pool.go"), []byte("package "+m.BasePkg+"\n")) {
		t.Errorf("basePkg is %s", m.BasePkg)
	}
	if icon := file(t, m.IconPath); !bytes.HasPrefix(icon, []byte("\x89PNG")) {
		t.Errorf("%s is no PNG", m.IconPath)
	}
	file(t, "readme.md")
	file(t, "LICENSE")
}

func TestModule(t *testing.T) {
	for _, name := range []string{"go.mod", "go.sum", "vendor/modules.txt"} {
		for line := range strings.Lines(string(file(t, name))) {
			for _, harness := range []string{"traefik/yaegi", "traefik/traefik", "traefik/paerser", "yaml", "toml"} {
				if strings.Contains(line, harness) {
					t.Errorf("%s has %s", name, line)
				}
			}
		}
	}
}

// What the catalog downloads is there: the dependencies are committed.
func TestVendored(t *testing.T) {
	listed := run(t, "git", "ls-files", "vendor")
	for line := range strings.Lines(string(file(t, "vendor/modules.txt"))) {
		path := strings.TrimSpace(line)
		if !strings.HasPrefix(path, "#") && !strings.Contains(listed, "vendor/"+path+"/") {
			t.Errorf("vendor/%s is not committed", path)
		}
	}
}

var version = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[\w.]+)?$`)

func TestTags(t *testing.T) {
	for _, tag := range strings.Fields(run(t, "git", "tag")) {
		if !version.MatchString(tag) {
			t.Errorf("tag %s: the catalog gives up at one that is not like v1.2.3", tag)
		}
	}
	for tag, want := range map[string]bool{"v0.1.0": true, "v1.22.333": true, "v1.0.0-rc.1": true, "1.0.0": false, "cmd/v1.0.0": false, "v1.0": false} {
		if version.MatchString(tag) != want {
			t.Errorf("%s: %t", tag, !want)
		}
	}
}

func run(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir = parts.Root()
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, arguments, err, output)
	}
	return string(output)
}

// child is set in the process that has nothing: no environment, and in the end no
// files and no sockets.
const child = "CATALOG_CHILD"

const limit = 10 * time.Second

// The catalog imports the package into the interpreter and gives New the testData,
// with no network and no files at hand. New has to manage, and the gate to hold.
func TestTestDataInterpreted(t *testing.T) {
	if os.Getenv(child) != "" {
		checkTestData(t)
		return
	}
	alone := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	alone.Env = []string{child + "=1"}
	output, err := alone.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("no file and no socket was to be had")) {
		t.Errorf("%v\n%s", err, output)
	}
}

func checkTestData(t *testing.T) {
	started := time.Now()
	gopath := t.TempDir()
	if err := plugin.Install(filepath.Join(gopath, "src")); err != nil {
		t.Fatal(err)
	}
	config := read(t).TestData
	var printed bytes.Buffer
	i := interp.New(interp.Options{GoPath: gopath, Stdout: &printed, Stderr: &printed})
	if err := i.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Eval(`import "` + plugin.Module + `"`); err != nil {
		t.Fatal(err)
	}
	create, err := i.Eval("zookeeper.CreateConfig")
	if err != nil {
		t.Fatal(err)
	}
	construct, err := i.Eval("zookeeper.New")
	if err != nil {
		t.Fatal(err)
	}
	refuseFiles(t)
	c := create.Call(nil)[0]
	if err := dynamic.Decode(config, c.Interface()); err != nil {
		t.Fatal(err)
	}
	next := http.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request passes a gate that is closed") }))
	results := construct.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(&next).Elem(), c, reflect.ValueOf("catalog")})
	if err := results[1].Interface(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(started); took > limit {
		t.Errorf("it took %s; the catalog gives %s", took, limit)
	}
	answer := httptest.NewRecorder()
	results[0].Interface().(http.Handler).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	if answer.Code != http.StatusForbidden {
		t.Errorf("the gate answers %d", answer.Code)
	}
	if _, err := os.Open("/dev/null"); err == nil {
		t.Error("a file could be opened")
	}
	println("no file and no socket was to be had")
}

// refuseFiles takes from the process what it takes to open a file or a socket.
func refuseFiles(t *testing.T) {
	t.Helper()
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		t.Fatal(err)
	}
	before := files
	t.Cleanup(func() { syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before) })
	files.Cur = 0
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		t.Fatal(err)
	}
}

// Helm's inline form is tested where it is packed; what the catalog downloads, and
// every plugin's proxy keeps, stays small, too.
func TestSize(t *testing.T) {
	files, err := plugin.Files()
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, text := range files {
		size += len(text)
	}
	if size > 1_200_000 {
		t.Errorf("the plugin has %d bytes", size)
	}
	t.Logf("%d files, %d bytes", len(files), size)
}
