package yaegivet

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pages of the rules and the table in readme.md")

// What each severity means, as the readme and the pages say it.
var meanings = map[Severity]string{
	Crash: "it can end the whole proxy",
	Hang:  "it waits for ever",
	Panic: "it panics. Traefik answers a request in which that happens with status 500, and nothing catches it in a goroutine of the plugin",
	Wrong: "it gives another result than the compiled program, and nothing tells so",
	Leak:  "it keeps memory that is needed no more",
	Load:  "Traefik doesn't load the plugin",
}

// What the first line of a bad snippet promises, as a sentence below it.
var outcomes = map[string]string{
	"wrong": "Compiled and in Yaegi, `Run` gives different results.",
	"load":  "It compiles, and Yaegi doesn't load it.",
	"panic": "Compiled, `Run` returns; in Yaegi, it panics.",
	"hang":  "Compiled, `Run` returns; in Yaegi, it doesn't.",
	"crash": "It ends the process that Yaegi runs in.",

	"wrong or crash": "In Yaegi, `Run` gives another result than compiled, or the process ends.",
}

// TestPages compares each rule's page, and the table in the readme, with the rules and
// with the snippets that TestRules runs.
func TestPages(t *testing.T) {
	pages := map[string]bool{}
	for _, r := range rules() {
		name := filepath.Join("rules", r.name+".md")
		pages[name] = true
		compareFile(t, name, pageOf(t, r))
	}
	files, err := filepath.Glob(filepath.Join("rules", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if !pages[name] {
			t.Errorf("%s belongs to no rule", name)
		}
	}
	const readme, begin, end = "readme.md", "<!-- The rules begin. -->\n", "<!-- The rules end. -->\n"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has no place for the rules", readme)
	}
	compareFile(t, readme, before+begin+table()+end+after)
	// The findings about marks link to a heading.
	if _, anchor, _ := strings.Cut(page(markRule), "#"); !strings.Contains(string(text), "\n## "+capital(strings.ReplaceAll(anchor, "-", " "))+"\n") {
		t.Errorf("%s has no heading for %s", readme, anchor)
	}
}

// compareFile compares a file with what it should be, and with -update writes it.
func compareFile(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		write(t, name, want)
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s isn't what the rules say; go test -run TestPages -update . writes it", name)
	}
	if n := strings.Count(want, "\n"); n > 350 {
		t.Errorf("%s has %d lines", name, n)
	}
}

// table has a row for each rule, those of a severity together.
func table() string {
	var b strings.Builder
	for _, s := range Severities() {
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n\n| rule | what happens in Yaegi | what to write instead |\n| --- | --- | --- |\n", capital(string(s)), capital(meanings[s]))
		for _, r := range rules() {
			if r.severity == s {
				fmt.Fprintf(&b, "| [%s](rules/%s.md) | %s %s | %s |\n", r.name, r.name, cell(r.what), cell(r.does), cell(r.works))
			}
		}
	}
	return b.String() + "\n"
}

// cell keeps a bar and an asterisk from meaning something in a table.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`).Replace(s) }

func pageOf(t *testing.T, r rule) string {
	t.Helper()
	public := r.public()
	bad, promised := snippetForPage(t, r.name, "bad")
	good, _ := snippetForPage(t, r.name, "good")
	if outcomes[promised] == "" {
		t.Errorf("%s: nothing is said of the outcome %q", r.name, promised)
	}
	if !strings.Contains(promised, string(r.severity)) && (r.severity != Leak || promised != "wrong") {
		t.Errorf("%s: the severity is %s, and bad.go shows %s", r.name, r.severity, promised)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", r.name, escape(public.Summary))
	fmt.Fprintf(&b, "Its severity is **%s**: %s.\n\n%s\n", r.severity, meanings[r.severity], escape(public.Harmless))
	fmt.Fprintf(&b, "\n## What breaks\n\n```go\n%s```\n\n%s\n", bad, outcomes[promised])
	fmt.Fprintf(&b, "\n## What works\n\n%s\n\n```go\n%s```\n", escape(public.Remedy), good)
	if sub := filepath.Join("testdata", r.name, "sub", "sub.go"); strings.Contains(bad+good, "/"+r.name+"/sub\"") {
		text, err := os.ReadFile(sub)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n## The other package\n\n```go\n%s```\n", text)
	}
	return b.String() + "\nThe tests run both snippets in Yaegi. [All rules](../readme.md#the-rules)\n"
}

// escape keeps an asterisk and a bracket from meaning something in a text.
func escape(s string) string { return strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`).Replace(s) }

var wanted = regexp.MustCompile(`// want (.*)`)

// snippetForPage returns a snippet as a reader sees it, and what its first line promises.
func snippetForPage(t *testing.T, rule, name string) (text, promised string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", rule, name+".go"))
	if err != nil {
		t.Fatal(err)
	}
	text = string(source)
	if found := promise.FindStringSubmatch(text); found != nil {
		promised = found[1]
		text = strings.TrimPrefix(text, found[0])
	}
	if lines := strings.Count(text, "\n"); lines > 60 {
		t.Errorf("%s/%s.go has %d lines, too many for a page; let it show one case, and %s_more.go the others", rule, name, lines, name)
	}
	return wanted.ReplaceAllString(text, "// found: $1"), promised
}
