package yaegivet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// Snippets hang and crash, so each is interpreted in a process of its own: this
// test's binary, started with a snippet's name in the environment.
const (
	snippetKey = "YAEGIVET_SNIPPET"
	gopathKey  = "YAEGIVET_GOPATH"
	// What the child prints is the snippet's outcome, behind this word, since
	// the interpreter prints its panics, too.
	resultWord = "\nyaegivet-result "
	hangs      = 3 * time.Second
	tooLong    = 60 * time.Second
)

func TestMain(m *testing.M) {
	if name := os.Getenv(snippetKey); name != "" {
		// Without a timer the runtime would take a snippet that hangs for a deadlock.
		time.AfterFunc(time.Hour, func() {})
		o := load(os.Getenv(gopathKey), name)
		encoded, err := json.Marshal([]string{o.kind, o.text})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s%s\n", resultWord, encoded)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// load interprets a snippet as Traefik interprets a plugin: imported from a
// GOPATH, with the symbols of the standard library and nothing else.
func load(gopath, name string) (o outcome) {
	kind := "load"
	defer func() {
		if r := recover(); r != nil {
			o = outcome{kind, fmt.Sprint(r)}
		}
	}()
	i := interp.New(interp.Options{GoPath: gopath, Stdout: io.Discard, Stderr: io.Discard})
	if err := i.Use(stdlib.Symbols); err != nil {
		return outcome{kind, err.Error()}
	}
	if _, err := i.Eval(fmt.Sprintf("import %q", module+"/"+name)); err != nil {
		return outcome{kind, err.Error()}
	}
	v, err := i.Eval(filepath.Base(name) + ".Run")
	if err != nil {
		return outcome{kind, err.Error()}
	}
	kind = "panic"
	return outcome{"result", v.Interface().(func() string)()}
}

// interpret runs a snippet in the interpreter and compares its result with the
// compiled one.
func interpret(t *testing.T, gopath, name, want string, hanging bool) outcome {
	t.Helper()
	limit := tooLong
	if hanging {
		limit = hangs
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	// Races need threads that run at the same time, or get in each other's way.
	cmd.Env = append(os.Environ(), snippetKey+"="+name, gopathKey+"="+gopath, "GOMAXPROCS=8")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return outcome{"hang", "no result within " + limit.String()}
	}
	_, result, found := strings.Cut(out.String(), resultWord)
	var exit *exec.ExitError
	if !found && errors.As(err, &exit) {
		return outcome{"crash", firstLine(errs.String())}
	}
	var o []string
	if err := json.Unmarshal([]byte(result), &o); err != nil || len(o) != 2 {
		t.Fatalf("%s: no result: %v\n%s\n%s", name, err, out.String(), errs.String())
	}
	return compare(outcome{o[0], o[1]}, want)
}

// compare looks at the parts of a result, which stand between bars: each of
// them is another variant of the construct, and all are wrong or none is.
func compare(o outcome, want string) outcome {
	if o.kind != "result" {
		return o
	}
	wants, gots := strings.Split(want, "|"), strings.Split(o.text, "|")
	if len(wants) != len(gots) {
		return outcome{"wrong", fmt.Sprintf("%q instead of %q", o.text, want)}
	}
	same := 0
	for i := range gots {
		if gots[i] == wants[i] {
			same++
		}
	}
	switch same {
	case len(gots):
		return outcome{"same", o.text}
	case 0:
		return outcome{"wrong", fmt.Sprintf("%q instead of %q", o.text, want)}
	}
	return outcome{"partly wrong", fmt.Sprintf("%q instead of %q", o.text, want)}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// runCompiled returns what each snippet's Run returns when it is compiled.
func runCompiled(t *testing.T, dir string, names []string) map[string]string {
	t.Helper()
	var imports, calls strings.Builder
	for i, name := range names {
		for _, snippet := range snippets(t, name) {
			id := fmt.Sprintf("%s%d", snippet, i)
			fmt.Fprintf(&imports, "\t%s %q\n", id, module+"/"+name+"/"+snippet)
			fmt.Fprintf(&calls, "\t\t%q: %s.Run(),\n", name+"/"+snippet, id)
		}
	}
	source := "package main\n\nimport (\n\t\"encoding/json\"\n\t\"os\"\n\n" + imports.String() +
		")\n\nfunc main() {\n\tstdout := os.Stdout\n\tos.Stdout = os.Stderr\n\tresults := map[string]string{\n" + calls.String() +
		"\t}\n\tif err := json.NewEncoder(stdout).Encode(results); err != nil {\n\t\tpanic(err)\n\t}\n}\n"
	write(t, filepath.Join(dir, "main", "main.go"), source)
	cmd := exec.Command("go", "run", "./main")
	cmd.Dir, cmd.Env = dir, environment()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("the snippets don't compile: %v\n%s", err, errs.String())
	}
	results := map[string]string{}
	if err := json.Unmarshal(out.Bytes(), &results); err != nil {
		t.Fatal(err)
	}
	return results
}
