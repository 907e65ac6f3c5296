package openfeature

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

const pluginModule = "github.com/mod-zookeeper/traefik-zookeeper"

// A service gets the provider by the command of its readme, and compiles the readme's program. The
// version of the plugin's module that the provider requires is there then, as the release makes it.
func TestInstall(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(parts.Root(), "openfeature", "readme.md"))
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?s)```sh\ngo (.*?)\n```").FindSubmatch(readme)
	program := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(readme)
	if command == nil || program == nil {
		t.Fatal("the readme has no command or no program")
	}
	dir, proxy := t.TempDir(), t.TempDir()
	version := requiredVersion(t)
	publish(t, proxy, pluginModule, version, parts.Root())
	publish(t, proxy, pluginModule+"/openfeature", version, filepath.Join(parts.Root(), "openfeature"))
	write(t, filepath.Join(dir, "main.go"), string(program[1]))
	write(t, filepath.Join(dir, "go.mod"), "module example.com/service\n\ngo 1.25.0\n")
	cache := strings.TrimSpace(run(t, parts.Root(), nil, "env", "GOMODCACHE"))
	environment := []string{
		"GOPROXY=file://" + filepath.ToSlash(proxy) + ",file://" + filepath.ToSlash(cache) + "/cache/download",
		"GOMODCACHE=" + t.TempDir(),
		"GOFLAGS=-mod=mod -modcacherw", // or t.TempDir can't be removed
		"GOSUMDB=off", "GOWORK=off",
	}
	client := filepath.Join(parts.Root(), "vendor", "github.com", "go-zookeeper", "zk")
	run(t, dir, environment, "mod", "edit", "-replace", "github.com/go-zookeeper/zk="+client)
	run(t, dir, environment, strings.Fields(string(command[1]))...)
	run(t, dir, environment, "build", "-o", filepath.Join(dir, "service"), ".")
}

// requiredVersion is the version of the plugin's module that the provider requires.
func requiredVersion(t *testing.T) string {
	t.Helper()
	var file struct {
		Require []struct{ Path, Version string }
	}
	text := run(t, filepath.Join(parts.Root(), "openfeature"), nil, "mod", "edit", "-json")
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	for _, required := range file.Require {
		if required.Path == pluginModule {
			return required.Version
		}
	}
	t.Fatal("the provider doesn't require the plugin's module")
	return ""
}

// publish puts a folder of the work tree into a proxy, as a version of a module.
func publish(t *testing.T, proxy, name, version, folder string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(name), "@v")
	goMod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "list"), version+"\n")
	write(t, filepath.Join(dir, version+".info"), fmt.Sprintf(`{"Version":%q}`, version))
	write(t, filepath.Join(dir, version+".mod"), string(goMod))
	archive, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.CreateFromDir(archive, module.Version{Path: name, Version: version}, folder); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs the go command, which may not fail, and returns what it prints.
func run(t *testing.T, dir string, environment []string, arguments ...string) string {
	t.Helper()
	command := exec.Command("go", arguments...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), environment...), "PWD="+dir)
	var failed strings.Builder
	command.Stderr = &failed
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, failed.String())
	}
	return string(output)
}
