// Package stranger tests the module as a stranger has it, who got it by go get: from a proxy,
// without the vendored client, with upstream's one or with what the command zkclient makes.
package stranger

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

const (
	ourModule = "github.com/mod-zookeeper/traefik-zookeeper"
	// ourVersion is what the work tree is released as, for the tests alone.
	ourVersion = "v0.0.1"
	command    = ourModule + "/cmd/zkclient"
)

// A stranger is a module of somebody else, with its own cache of modules.
type stranger struct {
	t           *testing.T
	dir         string
	environment []string
	cache       string // for what commands keep for the user, where that is a folder of its own
}

// newStranger makes a module without any requirement. Its modules come from a proxy that has
// the work tree, and from the cache, so that nothing comes over the network.
func newStranger(t *testing.T) *stranger {
	t.Helper()
	cache := cachedModules(t)
	s := &stranger{t: t, dir: t.TempDir()}
	s.environment = append(os.Environ(),
		"GOPROXY="+fileURL(proxy(t))+","+fileURL(cache),
		"GOMODCACHE="+t.TempDir(),
		"GOFLAGS=-mod=mod -modcacherw", // or t.TempDir can't be removed
		"GOSUMDB=off", "GONOSUMDB=*", "GOWORK=off")
	s.write("go.mod", "module example.com/stranger\n\ngo 1.22\n")
	return s
}

// cachedModules is the folder of the module cache that has upstream's client as proxies have
// modules.
func cachedModules(t *testing.T) string {
	t.Helper()
	download := exec.Command("go", "mod", "download", "-json", patches.Module)
	download.Dir = parts.Root()
	output, err := download.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found struct{ Zip string }
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatal(err)
	}
	versions := filepath.Dir(found.Zip) // of the module, in a folder @v
	return strings.TrimSuffix(filepath.ToSlash(versions), "/"+patches.Module+"/@v")
}

// proxy is a folder with the work tree as a version of our module.
func proxy(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, filepath.FromSlash(ourModule), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	goMod, err := os.ReadFile(filepath.Join(parts.Root(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list":               ourVersion + "\n",
		ourVersion + ".info": fmt.Sprintf(`{"Version":%q}`, ourVersion),
		ourVersion + ".mod":  string(goMod),
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	archive, err := os.Create(filepath.Join(dir, ourVersion+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.CreateFromDir(archive, module.Version{Path: ourModule, Version: ourVersion}, parts.Root()); err != nil {
		t.Fatal(err)
	}
	return root
}

func fileURL(dir string) string { return "file://" + path.Clean(filepath.ToSlash(dir)) }

// run runs the go command in the stranger's module.
func (s *stranger) run(arguments ...string) (string, error) {
	return s.runIn(s.dir, arguments...)
}

func (s *stranger) runIn(dir string, arguments ...string) (string, error) {
	run := exec.Command("go", arguments...)
	run.Dir = dir
	run.Env = append(s.environment, "PWD="+dir)
	output, err := run.CombinedOutput()
	return string(output), err
}

// runWith runs the go command in the stranger's module, with something on its standard input.
func (s *stranger) runWith(in string, arguments ...string) (string, error) {
	run := exec.Command("go", arguments...)
	run.Dir, run.Env, run.Stdin = s.dir, append(s.environment, "PWD="+s.dir), strings.NewReader(in)
	output, err := run.CombinedOutput()
	return string(output), err
}

// must runs the go command, which may not fail, and returns what it prints.
func (s *stranger) must(arguments ...string) string {
	s.t.Helper()
	output, err := s.run(arguments...)
	if err != nil {
		s.t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

func (s *stranger) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func (s *stranger) write(name, text string) {
	s.t.Helper()
	writeFile(s.t, filepath.Join(s.dir, filepath.FromSlash(name)), text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// withProgram gives the stranger the program that uses the Go API, and our module.
func (s *stranger) withProgram() {
	s.t.Helper()
	if err := os.CopyFS(s.dir, os.DirFS(filepath.Join("testdata", "program"))); err != nil {
		s.t.Fatal(err)
	}
	s.must("get", ourModule)
}

// build builds the program.
func (s *stranger) build() string {
	s.t.Helper()
	binary := filepath.Join(s.t.TempDir(), "program")
	s.must("build", "-o", binary, ".")
	return binary
}
