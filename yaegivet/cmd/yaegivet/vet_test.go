package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source has a finding on its third line: the select waits for the channels of a
// goroutine's own.
const source = "\n\nfunc Wait(a, b chan int) { select { case <-a: case <-b: } }\n"

// example is a module with a finding in each place that the command looks at, and
// where it doesn't: in a test, in a program, in a nested module, and in packages that
// the plugin doesn't import, vendored or not. Its goroutines recover, in another package.
func example() map[string]string {
	return map[string]string{
		"go.mod":                                   "module example.org/plugin\n\ngo 1.22\n\nrequire github.com/some/queue v1.0.4\n",
		"vendor/modules.txt":                       "# github.com/some/queue v1.0.4\n## explicit\ngithub.com/some/queue\ngithub.com/some/queue/unused\n",
		"vendor/github.com/some/queue/q.go":        "package queue" + source,
		"vendor/github.com/some/queue/unused/u.go": "package unused" + source,
		"plugin.go":                                "package plugin\nimport \"example.org/plugin/internal/sub\"\n" + source[2:] + "\nfunc start() { go sub.Guarded(func() {}) }\n",
		"plugin_test.go":                           "package plugin\n\nfunc waitInTest(a, b chan int) { select { case <-a: case <-b: } }\n",
		"internal/sub/sub.go":                      "package sub\nimport _ \"github.com/some/queue\"\n" + source[2:],
		"internal/sub/go.go":                       "package sub\n\nimport \"example.org/plugin/internal/sub/guard\"\n\nfunc Guarded(f func()) {\n\tdefer guard.Rescue()\n\tf()\n}\n",
		"internal/sub/guard/guard.go":              "package guard\n\nfunc Rescue() { recover() }\n",
		"internal/sub/free.go":                     "package sub\n\nfunc Free(a, b chan int) { select { case <-a: case <-b: } } //yaegi:ok it is only a test\n",
		"internal/unused/a.go":                     "package unused" + source,
		"testdata/snippet.go":                      "package snippet" + source,
		"nested/go.mod":                            "module example.org/nested\n",
		"nested/nested.go":                         "package nested" + source,
		"cmd/tool/main.go":                         "package main" + source + "\nfunc main() {}\n",
	}
}

// lay writes the example, with other files in it or in the place of its own, and
// returns its directory.
func lay(t *testing.T, other map[string]string) string {
	t.Helper()
	files := example()
	for name, text := range other {
		files[name] = text
	}
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// call runs the command and returns its status and what it writes.
func call(args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(&o, &e, args)
	return status, o.String(), e.String()
}

// places are those of the findings, sorted, as "plugin.go:3 select".
func places(t *testing.T, args ...string) []string {
	t.Helper()
	status, out, errs := call(append([]string{"-json"}, args...)...)
	var findings []finding
	if err := json.Unmarshal([]byte(out), &findings); err != nil {
		t.Fatalf("status %d: %v\n%s%s", status, err, out, errs)
	}
	if want := min(len(findings), 1); status != want {
		t.Errorf("status %d with %d findings", status, len(findings))
	}
	var all []string
	for _, f := range findings {
		all = append(all, at(f))
	}
	slices.Sort(all)
	return all
}

func TestWhatIsInterpreted(t *testing.T) {
	dir := lay(t, nil)
	want := []string{"internal/sub/sub.go:3 select", "plugin.go:3 select", "vendor/github.com/some/queue/q.go:3 select"}
	if got := places(t, dir); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	// From a directory within, it is the same plugin, with paths from there.
	want = []string{filepath.Join(dir, "plugin.go") + ":3 select", filepath.Join(dir, "vendor/github.com/some/queue/q.go") + ":3 select", "sub.go:3 select"}
	if got := places(t, filepath.Join(dir, "internal/sub")); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestManifest(t *testing.T) {
	dir := lay(t, map[string]string{".traefik.yml": "displayName: x\nimport: \"example.org/plugin/internal/unused\" # not the root\n"})
	if got := places(t, dir); !slices.Equal(got, []string{"internal/unused/a.go:3 select"}) {
		t.Errorf("found %q", got)
	}
	const text = "package plugin\n\nimport (\n\t_ \"syscall\"\n\t_ \"unsafe\"\n)\n"
	for manifest, want := range map[string][]string{
		"import: example.org/plugin\n":                               {"plugin.go:4 import", "plugin.go:5 import"},
		"import: example.org/plugin\nuseUnsafe: true\n":              nil,
		"import: example.org/plugin\nuseUnsafe: false\n":             {"plugin.go:4 import", "plugin.go:5 import"},
		"import: example.org/plugin\ntestData:\n  useUnsafe: true\n": {"plugin.go:4 import", "plugin.go:5 import"},
	} {
		if got := places(t, lay(t, map[string]string{"plugin.go": text, ".traefik.yml": manifest})); !slices.Equal(got, want) {
			t.Errorf("%q: found %q, want %q", manifest, got, want)
		}
	}
}

func TestChoice(t *testing.T) {
	dir := lay(t, map[string]string{"plugin.go": "package plugin" + source + "\nfunc list(ms []int) {\n\tfor i := range 3 {\n\t\t_ = i\n\t}\n\tgo list(ms) //yaegi:ok\n\t_ = ms //yaegi:ok nothing is found here\n}\n"})
	for args, want := range map[string][]string{
		"":                               {"plugin.go:10 mark", "plugin.go:3 select", "plugin.go:6 rangeover", "plugin.go:9 mark"},
		"-rules select":                  {"plugin.go:3 select"},
		"-rules select,load":             {"plugin.go:3 select", "plugin.go:6 rangeover"},
		"-rules crash":                   {"plugin.go:3 select"},
		"-rules leak":                    nil,
		"-skip mark":                     {"plugin.go:3 select", "plugin.go:6 rangeover"},
		"-rules crash,load -skip select": {"plugin.go:6 rangeover"},
	} {
		if got := places(t, append(strings.Fields(args), dir)...); !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", args, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	status, out, errs := call("-rules", "select", lay(t, nil))
	const want = "plugin.go:3:28: crash: In Yaegi, this select statement shares its cases among all goroutines that run it at the same time, so that values go to the wrong one or the proxy ends. " +
		"Use reflect.Select with cases made for each call, or plain receives. https://github.com/mod-zookeeper/traefik-zookeeper/blob/main/yaegivet/rules/select.md\n"
	if status != found || !strings.Contains("\n"+out, "\n"+want) || errs != "" {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}

// What can't be looked at isn't free of findings, and the error says what to do.
func TestFailures(t *testing.T) {
	good := lay(t, nil)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"flag":        {[]string{"-fast", good}, "usage: yaegivet"},
		"directories": {[]string{good, good}, "usage: yaegivet"},
		"rule":        {[]string{"-rules", "slect", good}, `-rules: there is no rule or severity "slect"; -rules list has them all`},
		"skip":        {[]string{"-skip", "select,x", good}, `-skip: there is no rule or severity "x"`},
		"no module":   {[]string{t.TempDir()}, "there is no go.mod"},
		"no package":  {[]string{lay(t, map[string]string{"plugin.go": "package plugin\n\nimport _ \"example.org/plugin/none\"\n"})}, "go mod vendor"},
		"type":        {[]string{lay(t, map[string]string{"broken.go": "package plugin\n\nvar x int = \"text\"\n"})}, "broken.go:3"},
		"vendor":      {[]string{lay(t, map[string]string{"vendor/modules.txt": ""})}, "vendor"},
		"dotless":     {[]string{lay(t, map[string]string{"go.mod": "module myplugin\n\ngo 1.22\n", "vendor/modules.txt": "", "plugin.go": "package plugin\n", "internal/sub/sub.go": "package sub\n", "internal/sub/go.go": "package sub\n"})}, "the path myplugin begins without a dot"},
	} {
		status, out, errs := call(c.args...)
		if status != failed || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, %q, %q; want %q", name, status, out, errs, c.want)
		}
	}
}

func TestList(t *testing.T) {
	status, out, _ := call("-rules", "list")
	if status != clean || !strings.Contains(out, "\nnamedresult    wrong  In Yaegi, a named result ") {
		t.Errorf("status %d, %s", status, out)
	}
	_, out, _ = call("-json", "-rules", "list")
	var rules []map[string]string
	if err := json.Unmarshal([]byte(out), &rules); err != nil || rules[0]["severity"] != "crash" || rules[0]["url"] == "" || rules[0]["harmless"] == "" {
		t.Errorf("%v: %s", err, out)
	}
}
