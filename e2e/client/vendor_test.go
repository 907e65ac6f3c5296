// Package client tests the vendored ZooKeeper client: that it is upstream's with
// our patches and nothing else, that upstream's own suite passes interpreted,
// and that no server, load or fault gets it to hang, to mix up answers or to end
// the process.
package client

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

const upstreamModule = "github.com/go-zookeeper/zk"

func vendored() string {
	return filepath.Join(parts.Root(), "vendor", filepath.FromSlash(upstreamModule))
}

// upstream returns the folder of the version that go.mod requires, in the
// module cache.
func upstream(t *testing.T) string {
	t.Helper()
	download := exec.Command("go", "mod", "download", "-json", upstreamModule)
	download.Dir = parts.Root()
	output, err := download.Output()
	if err != nil {
		t.Fatal(err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(output, &module); err != nil {
		t.Fatal(err)
	}
	return module.Dir
}

// The test makes vendor/ anew by its own means: upstream's files, but for the
// tests and the sub-folders that go mod vendor leaves out, and the patches.
func TestVendorIsUpstreamPlusPatches(t *testing.T) {
	dir := t.TempDir()
	source := upstream(t)
	for _, name := range filesIn(t, source) {
		if !strings.HasSuffix(name, "_test.go") {
			write(t, filepath.Join(dir, name), read(t, filepath.Join(source, name)))
		}
	}
	patches, err := filepath.Glob(filepath.Join(parts.Root(), "patches", "*.patch"))
	if err != nil || len(patches) == 0 {
		t.Fatalf("%d patches, %v", len(patches), err)
	}
	for _, patch := range patches {
		apply := exec.Command("patch", "--no-backup-if-mismatch", "-p1", "-d", dir, "-i", patch)
		if output, err := apply.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", patch, err, output)
		}
	}
	want, got := filesIn(t, dir), filesIn(t, vendored())
	if strings.Join(want, " ") != strings.Join(got, " ") {
		t.Fatalf("vendor/ has %v\nwant %v", got, want)
	}
	for _, name := range want {
		if !bytes.Equal(read(t, filepath.Join(dir, name)), read(t, filepath.Join(vendored(), name))) {
			t.Errorf("%s in vendor/ is not upstream's with the patches; run make vendor", name)
		}
	}
}

// What go mod vendor took is all there is: the list of modules and the client.
func TestVendorHasNothingElse(t *testing.T) {
	root := filepath.Join(parts.Root(), "vendor")
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == vendored() || path == filepath.Join(root, "modules.txt") {
			return err
		}
		t.Errorf("%s is neither the client's nor the list of modules", path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "# github.com/go-zookeeper/zk v1.0.4\n## explicit; go 1.13\ngithub.com/go-zookeeper/zk\n"
	if got := string(read(t, filepath.Join(root, "modules.txt"))); got != want {
		t.Errorf("modules.txt is %q, want %q", got, want)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	sort.Strings(names)
	return names
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
