package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plugin is a module in which all is as it should be, apart from the document.
func plugin() map[string]string {
	return map[string]string{
		"go.mod":                        "module example.org/plugin\n\ngo 1.22\n",
		"plugin.go":                     source("plugin", "config", "internal/serve", "internal/status"),
		"plugin_test.go":                source("plugin"),
		"config/config.go":              source("config", "internal/problems"),
		"internal/problems/problems.go": source("problems"),
		"internal/rules/rules.go":       source("rules", "config", "internal/problems"),
		"internal/serve/serve.go":       source("serve", "internal/rules"),
		"internal/status/status.go":     source("status", "internal/serve", "config"),
		"internal/unused/unused.go":     source("unused", "internal/serve"),
		"cmd/tool/main.go":              "package main\n\nfunc main() {}\n",
		"docs/how-it-works.md":          "# How it works\n\n" + begin + "\n" + end + "\n\nMore.\n",
	}
}

const diagramOfPlugin = `flowchart TD
    root[the root]
    internal_status[internal/status]
    internal_serve[internal/serve]
    internal_rules[internal/rules]
    config[config]
    internal_problems[internal/problems]
    root --> internal_status
    internal_status --> internal_serve
    internal_serve --> internal_rules
    internal_rules --> config
    config --> internal_problems
`

// source is a file that imports packages of the module.
func source(name string, imports ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", name)
	for _, path := range imports {
		fmt.Fprintf(&b, "\nimport _ %q\n", "example.org/plugin/"+path)
	}
	return b.String()
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// output runs a command that finds nothing wrong.
func output(t *testing.T, command, dir string) string {
	t.Helper()
	var out strings.Builder
	problems, err := run(&out, command, dir)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	return out.String()
}

func TestText(t *testing.T) {
	want := ".: config internal/serve internal/status\n" +
		"internal/status: config internal/serve\n" +
		"internal/serve: internal/rules\n" +
		"internal/rules: config internal/problems\n" +
		"config: internal/problems\n" +
		"internal/problems: \n"
	if got := output(t, "text", write(t, plugin())); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestMermaid(t *testing.T) {
	if got := output(t, "mermaid", write(t, plugin())); got != diagramOfPlugin {
		t.Errorf("got\n%swant\n%s", got, diagramOfPlugin)
	}
}

func TestWrite(t *testing.T) {
	dir := write(t, plugin())
	output(t, "write", dir)
	output(t, "check", dir)
	output(t, "write", dir)
	text, err := os.ReadFile(filepath.Join(dir, "docs", "how-it-works.md"))
	want := "# How it works\n\n" + begin + "\n```mermaid\n" + diagramOfPlugin + "```\n" + end + "\n\nMore.\n"
	if err != nil || string(text) != want {
		t.Errorf("got\n%s\n%v, want\n%s", text, err, want)
	}
}

func TestUnknownCommand(t *testing.T) {
	if _, err := run(&strings.Builder{}, "draw", write(t, plugin())); err == nil || !strings.Contains(err.Error(), usage) {
		t.Errorf("%v doesn't tell of the commands", err)
	}
}

// What can't be loaded isn't in order.
func TestBroken(t *testing.T) {
	files := plugin()
	files["internal/rules/rules.go"] = "package rules\n\nimport _ \"example.org/plugin/internal/missing\"\n"
	if problems, err := run(&strings.Builder{}, "check", write(t, files)); err == nil {
		t.Errorf("no error, problems %q", problems)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string // beginnings
	}{
		{"nothing wrong", nil, nil},
		{"an import that goes up", map[string]string{
			"internal/problems/up.go": source("problems", "internal/log"), "internal/log/log.go": source("log"),
		}, []string{"internal/problems imports internal/log, which doesn't stand below it; "}},
		{"an import that goes up with another build tag", map[string]string{
			"internal/problems/hooks.go": "//go:build hooks\n\n" + source("problems", "internal/rules"),
		}, []string{"internal/problems imports internal/rules, which doesn't stand below it; "}},
		{"a package that nobody expects", map[string]string{
			"internal/rules/more.go": source("rules", "internal/util"), "internal/util/util.go": source("util"),
		}, []string{"internal/util: the package has no place in the order; "}},
		{"a long file", map[string]string{"internal/rules/long.go": source("rules") + strings.Repeat("\n", 350)},
			[]string{"internal/rules/long.go: 351 lines, more than 350; "}},
		{"a file that is as long as may be", map[string]string{"internal/rules/long.go": source("rules") + strings.Repeat("\n", 349)}, nil},
		{"a long test", map[string]string{"internal/rules/long_test.go": source("rules") + strings.Repeat("\n", 350)},
			[]string{"internal/rules/long_test.go: 351 lines, more than 350; "}},
		{"a large package", sized("internal/rules", "rules", ".go", 6), []string{"internal/rules: the package has 2105 lines, more than 2000; "}},
		{"large tests", sized("internal/rules", "rules", "_test.go", 7), nil},
		{"many files at the root", map[string]string{
			"a.go": source("plugin"), "b.go": source("plugin"), "c.go": source("plugin"), "d.go": source("plugin"),
			"e.go": "//go:build hooks\n\n" + source("plugin"),
		}, []string{".: the root has 6 Go files that are no tests, more than 5; "}},
		{"a type in many files", methods(4, 1), []string{"internal/rules: the type t has methods in 4 files, more than 3; "}},
		{"a type with many methods", methods(1, 41), []string{"internal/rules: the type t has 41 methods, more than 40; "}},
		{"a type at its limits", methods(2, 20), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := plugin()
			maps.Copy(files, c.files)
			dir := write(t, files)
			output(t, "write", dir)
			expect(t, dir, c.want)
		})
	}
}

// sized is a package of files with 350 lines, whose names end in a suffix.
func sized(dir, name, suffix string, count int) map[string]string {
	files := map[string]string{}
	for i := range count {
		files[fmt.Sprintf("%s/part%d%s", dir, i, suffix)] = source(name) + strings.Repeat("\n", 349)
	}
	return files
}

// methods has a type with a number of methods in each of a number of files.
func methods(inFiles, each int) map[string]string {
	files := map[string]string{"internal/rules/type.go": "package rules\n\ntype t[T any] struct{}\n"}
	for i := range inFiles {
		var b strings.Builder
		b.WriteString("package rules\n")
		for k := range each {
			fmt.Fprintf(&b, "\nfunc (x *t[T]) m%d_%d() {}\n", i, k)
		}
		files[fmt.Sprintf("internal/rules/methods%d.go", i)] = b.String()
	}
	return files
}

func expect(t *testing.T, dir string, want []string) {
	t.Helper()
	problems, err := run(&strings.Builder{}, "check", dir)
	if err != nil || len(problems) != len(want) {
		t.Fatalf("problems %q, want %q; error %v", problems, want, err)
	}
	for i, w := range want {
		if !strings.HasPrefix(problems[i], w) {
			t.Errorf("problem %q, want %q", problems[i], w)
		}
	}
}

func TestStaleDiagram(t *testing.T) {
	dir := write(t, plugin())
	expect(t, dir, []string{"docs/how-it-works.md: the diagram isn't that of the imports; "})
}

func TestDocumentWithoutPlace(t *testing.T) {
	files := plugin()
	files["docs/how-it-works.md"] = "# How it works\n\n" + end + "\n" + begin + "\n"
	dir := write(t, files)
	expect(t, dir, []string{"docs/how-it-works.md: it lacks the lines "})
	if err := writeDiagram(dir, diagramOfPlugin); err == nil {
		t.Error("a diagram was written where there is no place for it")
	}
}
