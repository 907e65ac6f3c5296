package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plugin is a module as the command expects it, with a finding in each place
// that it looks at, and where it doesn't: in a test, in a program, and in a package
// that the plugin doesn't import. Its goroutines recover, in another package.
var plugin = map[string]string{
	"go.mod":             "module example.org/plugin\n\ngo 1.22\n\nrequire github.com/go-zookeeper/zk v1.0.4\n",
	"vendor/modules.txt": "# github.com/go-zookeeper/zk v1.0.4\n## explicit\ngithub.com/go-zookeeper/zk\n",
	"vendor/github.com/go-zookeeper/zk/zk.go": "package zk\n\nfunc Wait() { select {} }\n",
	"plugin.go":                   "package plugin\n\nimport \"example.org/plugin/internal/sub\"\n\nfunc wait() { select {} }\n\nfunc start() { go sub.Guarded(wait) }\n",
	"plugin_test.go":              "package plugin\n\nfunc waitInTest() { select {} }\n",
	"internal/sub/sub.go":         "package sub\n\nimport _ \"github.com/go-zookeeper/zk\"\n\nfunc Wait() { select {} }\n",
	"internal/sub/go.go":          "package sub\n\nimport \"example.org/plugin/internal/sub/guard\"\n\nfunc Guarded(f func()) {\n\tdefer guard.Rescue()\n\tf()\n}\n",
	"internal/sub/guard/guard.go": "package guard\n\nfunc Rescue() { recover() }\n",
	"internal/unused/a.go":        "package unused\n\nfunc Wait() { select {} }\n",
	"testdata/snippet.go":         "package snippet\n\nfunc wait() { select {} }\n",
	"nested/go.mod":               "module example.org/nested\n",
	"nested/nested.go":            "package nested\n\nfunc wait() { select {} }\n",
	"cmd/tool/main.go":            "package main\n\nfunc main() { select {} }\n",
	"internal/sub/free.go":        "package sub\n\nfunc Free() { select {} } //yaegi:ok it is only a test\n",
}

func TestVet(t *testing.T) {
	dir := t.TempDir()
	for name, text := range plugin {
		write(t, filepath.Join(dir, name), text)
	}
	findings, err := vet(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"plugin.go:5: select: ", "internal/sub/sub.go:5: select: ", "vendor/github.com/go-zookeeper/zk/zk.go:3: select: "}
	if len(findings) != len(want) {
		t.Errorf("%d findings, want %d:\n%s", len(findings), len(want), strings.Join(findings, "\n"))
	}
	for _, prefix := range want {
		if !strings.Contains("\n"+strings.Join(findings, "\n"), "\n"+prefix) {
			t.Errorf("%s is missing in\n%s", prefix, strings.Join(findings, "\n"))
		}
	}
}

// What can't be loaded isn't free of findings.
func TestVetBroken(t *testing.T) {
	dir := t.TempDir()
	for name, text := range plugin {
		write(t, filepath.Join(dir, name), text)
	}
	write(t, filepath.Join(dir, "broken.go"), "package plugin\n\nvar x int = \"text\"\n")
	if findings, err := vet(dir); err == nil {
		t.Errorf("no error, findings %q", findings)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
