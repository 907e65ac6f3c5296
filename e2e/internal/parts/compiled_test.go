package parts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCompiledIsBuiltOnceForItsSources(t *testing.T) {
	builds := filepath.Join(t.TempDir(), "builds")
	t.Setenv("BUILDS", builds)
	cache := standIn(t, `echo "$@" >>"$BUILDS"; while [ "$1" != --output ]; do shift; done; echo binary >"$2"`)
	old := filepath.Join(cache, "traefik-zookeeper", "compiled-v3.6.12-old")
	other := filepath.Join(cache, "traefik-zookeeper", "traefik-v3.6.12")
	for _, path := range []string{old, other} {
		touch(t, path)
		yesterday := time.Now().Add(-keptFor - time.Hour)
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TRAEFIK", "3.6")
	first, err := InstallCompiled()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := InstallCompiled(); again != first || err != nil {
		t.Errorf("%q and %q, %v", first, again, err)
	}
	text, err := os.ReadFile(builds)
	if err != nil || strings.Count(string(text), "\n") != 1 {
		t.Errorf("%v, built by\n%s", err, text)
	}
	for _, plugin := range CompiledPlugins() {
		if !strings.Contains(string(text), " --with "+plugin) {
			t.Errorf("%s isn't in\n%s", plugin, text)
		}
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("another binary has gone")
	}
	if _, err := os.Stat(old); strings.Contains(first, "v3.6.12") && err == nil {
		t.Error("an old one stays")
	}
}

func TestFailedCompilationLeavesNothing(t *testing.T) {
	cache := standIn(t, `while [ "$1" != --output ]; do shift; done; echo half >"$2"; echo no space; exit 1`)
	if _, err := InstallCompiled(); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("error %v", err)
	}
	if found := binaries(t, cache); len(found) != 0 {
		t.Errorf("the cache has %q", found)
	}
}

func TestWhatIsHashed(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root")
	for _, path := range []string{"e2e/go.mod", "vendor/a.b/c/go.mod", "internal/x.go"} {
		touch(t, filepath.Join(root, path))
	}
	for folder, want := range map[string]bool{"e2e": true, "vendor/a.b/c": false, "internal": false, ".git": true} {
		if got := isOther(root, filepath.Join(root, folder)); got != want {
			t.Errorf("%s: %t", folder, got)
		}
	}
	for name, want := range map[string]bool{"a.go": true, "a_test.go": false, "go.mod": true, "go.sum": true, "compiled.go.txt": true, "1.patch": true, ".traefik.yml": true, "readme.md": false} {
		if got := isCompiled(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
