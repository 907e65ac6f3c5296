package yaegivet

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// The snippets' module. Its path has a dot, which tells it from a package of
// the standard library.
const module = "example.org/snippets"

// What a bad snippet's first line may promise.
var kinds = map[string]string{
	"wrong": "another result than compiled",
	"load":  "fails to load",
	"panic": "panics",
	"hang":  "never returns",
	"crash": "ends the process",
}

// A race may end in more than one way, as "wrong or crash".
var promise = regexp.MustCompile(`^// Yaegi: (\w+(?: or \w+)*)\n`)

func TestRules(t *testing.T) {
	names := ruleNames(t)
	gopath := t.TempDir()
	dir := writeSnippets(t, gopath, names)
	findings := analyze(t, dir)
	compiled := runCompiled(t, dir, names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkFindings(t, filepath.Join(dir, name), findings)
			for _, snippet := range snippets(t, name) {
				if strings.HasPrefix(snippet, "bad") {
					runBad(t, gopath, name, snippet, compiled[name+"/"+snippet])
				} else {
					runGood(t, gopath, name, snippet, compiled[name+"/"+snippet])
				}
			}
		})
	}
}

// ruleNames are those of the rules, each of which needs its pair of snippets.
func ruleNames(t *testing.T) []string {
	t.Helper()
	only := os.Getenv("RULE")
	var names []string
	for _, r := range rules() {
		if only == "" || only == r.name {
			names = append(names, r.name)
		}
	}
	sort.Strings(names)
	return names
}

// TestEverySnippetHasItsRule sees to it that no snippet is left behind.
func TestEverySnippetHasItsRule(t *testing.T) {
	known := map[string]bool{}
	for _, name := range onlyFound {
		known[name] = true
	}
	for _, r := range rules() {
		if known[r.name] {
			t.Errorf("two rules are named %s", r.name)
		}
		known[r.name] = true
	}
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !known[e.Name()] {
			t.Errorf("testdata/%s belongs to no rule", e.Name())
		}
	}
}

// onlyFound are snippets that the interpreter isn't asked about: the marks, which it
// doesn't know of, and the limits of what a rule can tell, where many do no harm.
var onlyFound = []string{"mark", "alone", "calm"}

func TestFindings(t *testing.T) {
	dir := writeSnippets(t, t.TempDir(), onlyFound)
	found := analyze(t, dir)
	for _, name := range onlyFound {
		checkFindings(t, filepath.Join(dir, name), found)
	}
}

// writeSnippets lays the snippets out as packages, in a GOPATH that is a module
// too, so that the compiler and the interpreter read the same files.
func writeSnippets(t *testing.T, gopath string, names []string) string {
	t.Helper()
	dir := filepath.Join(gopath, "src", filepath.FromSlash(module))
	write(t, filepath.Join(dir, "go.mod"), "module "+module+"\n\ngo 1.25\n")
	for _, name := range names {
		for _, snippet := range snippets(t, name) {
			source, err := os.ReadFile(filepath.Join("testdata", name, snippet+".go"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, name, snippet, snippet+".go"), string(source))
		}
		// Rules about two packages have another one beside them.
		sub := filepath.Join("testdata", name, "sub", "sub.go")
		if source, err := os.ReadFile(sub); err == nil {
			write(t, filepath.Join(dir, name, "sub", "sub.go"), string(source))
		}
	}
	return dir
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

// analyze returns the names of the rules that find something, by place.
func analyze(t *testing.T, dir string) map[lineOf][]string {
	t.Helper()
	cfg := &packages.Config{Mode: packages.LoadSyntax, Dir: dir, Env: environment()}
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.FailNow()
	}
	found := map[lineOf][]string{}
	for _, p := range pkgs {
		// A snippet is a program, with the package that it imports.
		together := []*packages.Package{p}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported.PkgPath, module) {
				together = append(together, imported)
			}
		}
		graph, err := checker.Analyze([]*analysis.Analyzer{Analyzer(together, Options{})}, []*packages.Package{p}, nil)
		if err != nil {
			t.Fatal(err)
		}
		addFindings(t, graph, found)
	}
	return found
}

func addFindings(t *testing.T, graph *checker.Graph, found map[lineOf][]string) {
	t.Helper()
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			at := lineAt(act.Package.Fset, d.Pos)
			found[at] = append(found[at], d.Category)
		}
	}
}

func environment() []string {
	return append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GO111MODULE=on")
}

// checkFindings compares what was found below a directory with the comments
// "// want rule rule" in the files, both ways.
func checkFindings(t *testing.T, dir string, found map[lineOf][]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no snippets", err)
	}
	wants := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range strings.Split(string(source), "\n") {
			_, want, _ := strings.Cut(text, "// want ")
			got := sorted(found[lineOf{file, i + 1}])
			if want := sorted(strings.Fields(want)); got != want {
				t.Errorf("%s:%d: found [%s], want [%s]", rel(file), i+1, got, want)
			}
			if want != "" {
				wants++
			}
		}
	}
	if wants == 0 {
		t.Error("no finding is wanted")
	}
}

func rel(file string) string {
	return filepath.Join(filepath.Base(filepath.Dir(filepath.Dir(file))), filepath.Base(file))
}

func sorted(words []string) string {
	words = append([]string{}, words...)
	sort.Strings(words)
	return strings.Join(words, " ")
}

// snippets are the names of a rule's files: good and bad, and more of either
// where one process can't show all, as bad_map.
func snippets(t *testing.T, name string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", name, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		found = append(found, strings.TrimSuffix(filepath.Base(file), ".go"))
	}
	if all := strings.Join(found, " "); !strings.Contains(all, "bad") || !strings.Contains(all, "good") {
		t.Fatalf("%s has no pair of snippets", name)
	}
	return found
}

// runBad looks for the misbehaviour that the snippet promises.
func runBad(t *testing.T, gopath, name, snippet, want string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", name, snippet+".go"))
	if err != nil {
		t.Fatal(err)
	}
	promised := promise.FindStringSubmatch(string(source))
	if promised == nil {
		t.Fatalf("%s.go doesn't begin with \"// Yaegi: \" and what happens", snippet)
	}
	allowed := strings.Split(promised[1], " or ")
	for _, kind := range allowed {
		if kinds[kind] == "" {
			t.Fatalf("%s.go begins with %q, which is no kind of misbehaviour", snippet, kind)
		}
	}
	got := interpret(t, gopath, name+"/"+snippet, want, promised[1] == "hang")
	t.Logf("%s: %s", snippet, got)
	if !slices.Contains(allowed, got.kind) {
		t.Errorf("%s.go doesn't misbehave as it says: %s; compiled: %q", snippet, got, want)
	}
}

func runGood(t *testing.T, gopath, name, snippet, want string) {
	t.Helper()
	got := interpret(t, gopath, name+"/"+snippet, want, false)
	if got.kind != "same" {
		t.Errorf("%s.go: %s; compiled: %q", snippet, got, want)
	}
}

// An outcome is what became of a snippet in the interpreter.
type outcome struct {
	kind string // same, or one of kinds
	text string
}

func (o outcome) String() string {
	return fmt.Sprintf("%s: %s", o.kind, o.text)
}
