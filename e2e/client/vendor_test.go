// Package client tests the vendored ZooKeeper client: that it is upstream's with
// our patches and nothing else, that upstream's own suite passes interpreted,
// and that no server, load or fault gets it to hang, to mix up answers or to end
// the process.
package client

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

const upstreamModule = patches.Module

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

// What make vendor makes is what is there.
func TestVendorIsUpstreamPlusPatches(t *testing.T) {
	difference, err := patches.Difference(upstream(t), vendored())
	if err != nil {
		t.Fatal(err)
	}
	if difference != "" {
		t.Errorf("%s; run make vendor", difference)
	}
}

// A folder for the client is made, is brought up to date, and loses nothing that isn't the
// client's.
func TestClientIsWrittenIntoAFolder(t *testing.T) {
	source, dir := upstream(t), filepath.Join(t.TempDir(), "third_party", "zk")
	steps := []struct {
		what    string
		prepare func()
		differs string
		fails   string
	}{
		{"made", func() {}, "there is no folder", ""},
		{"a file is missing", func() { os.Remove(filepath.Join(dir, "guard.go")) }, "guard.go is missing", ""},
		{"as it is", func() {}, "", ""},
		{"an edited file", func() { write(t, filepath.Join(dir, "conn.go"), []byte("package zk\n")) }, "conn.go is not upstream's with the patches", ""},
		{"a file of before", func() { write(t, filepath.Join(dir, "former.go"), []byte("package zk\n")) }, "former.go is not a file of the client", ""},
		{"a folder of others", func() {
			os.Remove(filepath.Join(dir, patches.OriginFile))
			write(t, filepath.Join(dir, "mine.go"), []byte("package mine\n"))
		}, "mine.go is not a file of the client", "has files that aren't the client's, as mine.go"},
	}
	for _, step := range steps {
		step.prepare()
		if got, err := patches.Difference(source, dir); err != nil || !strings.Contains(got, step.differs) || (step.differs == "") != (got == "") {
			t.Errorf("%s: %q, %v", step.what, got, err)
		}
		err := patches.Apply(source, dir)
		if step.fails != "" {
			if err == nil || !strings.Contains(err.Error(), step.fails) {
				t.Errorf("%s: %v", step.what, err)
			}
			continue
		}
		if got, again := patches.Difference(source, dir); err != nil || got != "" || again != nil {
			t.Errorf("%s: %v; afterwards %q, %v", step.what, err, got, again)
		}
	}
	if string(read(t, filepath.Join(dir, "mine.go"))) != "package mine\n" {
		t.Error("a file is lost")
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
