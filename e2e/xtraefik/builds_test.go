package xtraefik

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// Each of these builds another Traefik, and takes half a minute where Go has compiled most
// of it before. The short form has the one that InstallCompiled builds.
var builds = map[string]func(*testing.T){
	"from a clone":          buildsFromClone,
	"the same again":        buildsTheSame,
	"a published module":    buildsPublished,
	"Traefik from a folder": buildsFolder,
	"an unknown Traefik":    refusesUnknown,
	"what doesn't compile":  reportsCompiler,
}

func TestBuilds(t *testing.T) {
	if !*full {
		return
	}
	for name, test := range builds {
		t.Run(name, test)
	}
}

func version(t *testing.T) string {
	t.Helper()
	v, err := parts.Version()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// compile builds the pinned Traefik with plugins, as --with names them.
func compile(t *testing.T, plugins ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "traefik")
	if err := parts.Compile(version(t), binary, plugins...); err != nil {
		t.Fatal(err)
	}
	return binary
}

func sum(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// The same sources make the same binary, byte for byte.
func buildsTheSame(t *testing.T) {
	first, err := parts.InstallCompiled()
	if err != nil {
		t.Fatal(err)
	}
	if a, b := sum(t, first), sum(t, compile(t, parts.CompiledPlugins()...)); a != b {
		t.Errorf("checksums %s and %s", a, b)
	}
}

// serves tries that the plugin of a binary serves a node's value, without its sources. The
// static configuration has it under a name.
func serves(t *testing.T, binary, name string, static map[string]any) *traefik.Traefik {
	t.Helper()
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release", []byte("2026.1"))
	tr := traefik.Start(t, configuration(echo(t),
		middleware{"release", name, "{clusters: {main: {servers: '" + zk.Addr() + "'}}, requestHeaders: [{name: X-Release, path: /release}]}"}),
		traefik.Options{Binary: binary, Static: static, Plugin: func(string) error { return nil }})
	if got := await(t, tr, "/release/", http.StatusOK); !strings.Contains(got.body, "2026.1") {
		t.Errorf("the service got %s", got.body)
	}
	return tr
}

// Whoever has nothing but Go builds from the published modules. These have no vendor folder:
// the patched client is made from the patches.
func buildsPublished(t *testing.T) {
	published := publish(t, plugin.Module, parts.Root())
	publish(t, plugin.Module+"/cmd/xtraefik", filepath.Join(parts.Root(), "cmd", "xtraefik"))
	line, _, _ := commands(t)
	run := exec.Command("sh", "-c", pinned(t, line))
	run.Dir = t.TempDir()
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	binary := filepath.Join(run.Dir, "traefik")
	tr := serves(t, binary, "catalog", map[string]any{
		"experimental.plugins.catalog.moduleName": plugin.Module, "experimental.plugins.catalog.version": published,
	})
	if log := strings.Join(tr.PluginLog(), "\n"); strings.Contains(log, "upstream") || !strings.Contains(log, "debug: zookeeper: ") {
		t.Errorf("the plugin says\n%s", log)
	}
	modules, err := exec.Command("go", "version", "-m", binary).Output()
	if err != nil || !bytes.Contains(modules, []byte("./xtraefik/vendored/github.com/go-zookeeper/zk")) || !bytes.Contains(modules, []byte(published)) {
		t.Errorf("%v; the binary has\n%s", err, modules)
	}
}

// publish makes a module proxy in a folder, in front of Go's cache and the usual proxy. It has a
// module of the repository as it is now, as the latest version, which is returned.
func publish(t *testing.T, path, folder string) string {
	t.Helper()
	var packed bytes.Buffer
	v := module.Version{Path: path, Version: "v0.0.0"}
	if err := zip.CreateFromDir(&packed, v, folder); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(packed.Bytes())
	v.Version = "v0.0.0-20260101000000-" + hex.EncodeToString(hash[:])[:12]
	packed.Reset()
	if err := zip.CreateFromDir(&packed, v, folder); err != nil {
		t.Fatal(err)
	}
	goMod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	proxy, cache := t.TempDir(), goEnv(t, "GOMODCACHE")
	info := fmt.Appendf(nil, `{"Version": %q, "Time": "2026-01-01T00:00:00Z"}`, v.Version)
	err = plugin.Lay(map[string][]byte{
		"@latest": info, "@v/list": nil,
		"@v/" + v.Version + ".mod": goMod, "@v/" + v.Version + ".zip": packed.Bytes(), "@v/" + v.Version + ".info": info,
	}, filepath.Join(proxy, path))
	if err != nil {
		t.Fatal(err)
	}
	behind := os.Getenv("GOPROXY")
	if !strings.HasPrefix(behind, "file://") {
		behind = "file://" + filepath.ToSlash(cache) + "/cache/download," + goEnv(t, "GOPROXY")
	}
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy)+","+behind)
	t.Setenv("GONOSUMDB", plugin.Module)
	t.Cleanup(func() {
		removeModule(t, filepath.Join(cache, v.Path+"@"+v.Version))
		for _, ending := range []string{"mod", "zip", "ziphash", "info", "lock"} {
			os.Remove(filepath.Join(cache, "cache", "download", v.Path, "@v", v.Version+"."+ending))
		}
	})
	return v.Version
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	value, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(value))
}

// removeModule removes a folder of the module cache, where nothing can be written.
func removeModule(t *testing.T, folder string) {
	t.Helper()
	if _, err := os.Stat(folder); err != nil {
		return // it was never unpacked
	}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o755)
	})
	if err == nil {
		err = os.RemoveAll(folder)
	}
	if err != nil {
		t.Error(err)
	}
}

// A folder of Traefik's may have what its module hasn't: the dashboard's files.
func buildsFolder(t *testing.T) {
	folder := t.TempDir()
	source, err := exec.Command("go", "mod", "download", "-json", "github.com/traefik/traefik/v3@"+version(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, dir, _ := strings.Cut(string(source), `"Dir": "`)
	dir, _, _ = strings.Cut(dir, `"`)
	if err := os.CopyFS(folder, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := plugin.Lay(map[string][]byte{"webui/static/index.html": []byte("<title>of the folder</title>")}, folder); err != nil {
		t.Fatal(err)
	}
	binary := compile(t, "github.com/traefik/traefik/v3="+folder, plugin.Module+"="+parts.Root())
	tr := serves(t, binary, "zookeeper", map[string]any{"api.dashboard": true})
	page, err := tr.API("/dashboard/")
	if err != nil || !strings.Contains(page, "of the folder") {
		t.Errorf("the dashboard is %q, %v", page, err)
	}
}

func refusesUnknown(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "traefik")
	err := parts.Compile("v3.5.0", binary, plugin.Module+"="+parts.Root())
	for _, want := range []string{"can't be compiled into Traefik v3.5.0", "(*Manager).InstallPlugin: there is no such function", "Build a version that this xtraefik was tried with"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %s", err, want)
		}
	}
	if _, err := os.Stat(binary); err == nil {
		t.Error("there is a binary")
	}
}

// What the compiler says of a plugin comes out, and nothing else is left.
func reportsCompiler(t *testing.T) {
	folder := t.TempDir()
	err := plugin.Lay(map[string][]byte{
		".traefik.yml": []byte("type: middleware\nimport: example.com/broken\n"), "go.mod": []byte("module example.com/broken\n"),
		"broken.go": []byte("package broken\n\nvar a = missing\n"),
	}, folder)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "traefik")
	err = parts.Compile(version(t), binary, "example.com/broken="+folder)
	if err == nil || !strings.Contains(err.Error(), "broken.go:3:9: undefined: missing") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(binary); err == nil {
		t.Error("there is a binary")
	}
}
