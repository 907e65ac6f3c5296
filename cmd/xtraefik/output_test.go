package main

import (
	"bytes"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const tested = "example.com/traefik/xtraefik0"

func redirected(t *testing.T, text string) (string, bool) {
	t.Helper()
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, "a.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	changed := redirectFile(positions, file, tested)
	var out bytes.Buffer
	if err := format.Node(&out, positions, file); err != nil {
		t.Fatal(err)
	}
	return out.String(), changed
}

func TestRedirect(t *testing.T) {
	for name, c := range map[string]struct{ imports, body, want string }{
		"fmt":                   {`"fmt"`, `fmt.Println("a", 1)`, `xtraefik0.Println("a", 1)`},
		"log":                   {`"log"`, `log.Printf("%d", 1)`, `xtraefik0.Log.Printf("%d", 1)`},
		"a function as a value": {`"log"`, `use(log.Println, log.Fatal)`, `use(xtraefik0.Log.Println, xtraefik0.Log.Fatal)`},
		"exit":                  {`"os"`, `os.Exit(3)`, `xtraefik0.Exit(3)`},
		"under another name":    {`l "log"`, `l.Print(1)`, `xtraefik0.Log.Print(1)`},
		"in an argument":        {`"fmt"; "log"`, `log.Print(fmt.Println(1))`, `xtraefik0.Log.Print(xtraefik0.Println(1))`},
	} {
		t.Run(name, func(t *testing.T) {
			got, changed := redirected(t, "package a\n\nimport ("+c.imports+")\n\n// f has a comment.\nfunc f() {\n\t"+c.body+" // why\n}\n")
			if !changed || !strings.Contains(got, c.want+" // why\n") || !strings.Contains(got, `"`+tested+`"`) || !strings.Contains(got, "// f has a comment.\nfunc f() {") {
				t.Errorf("%t, and it is\n%s", changed, got)
			}
			if strings.Contains(got, `"log"`) || strings.Contains(got, `"fmt"`) || strings.Contains(got, `"os"`) {
				t.Errorf("an import that nothing uses stays:\n%s", got)
			}
		})
	}
}

func TestRedirectLeavesTheRest(t *testing.T) {
	for name, text := range map[string]string{
		"what isn't replaced":       "package a\n\nimport (\n\t\"fmt\"\n\t\"log\"\n\t\"os\"\n)\n\nvar l = log.New(os.Stderr, fmt.Sprint(1), log.LstdFlags)\n",
		"a variable of that name":   "package a\n\nfunc f(log interface{ Println(...any) }) { log.Println(1) }\n",
		"a variable over a package": "package a\n\nimport \"log\"\n\nvar l = log.Default()\n\nfunc f() {\n\tlog := l\n\tlog.Println(1)\n}\n",
		"another package":           "package a\n\nimport \"example.com/log\"\n\nfunc f() { log.Println(1) }\n",
	} {
		if got, changed := redirected(t, text); changed || got != text {
			t.Errorf("%s: %t\n%s", name, changed, got)
		}
	}
	kept, _ := redirected(t, "package a\n\nimport \"fmt\"\n\nfunc f() { fmt.Println(fmt.Sprint(1)) }\n")
	if !strings.Contains(kept, `"fmt"`) || !strings.Contains(kept, "xtraefik0.Println(fmt.Sprint(1))") {
		t.Errorf("an import that is used has gone:\n%s", kept)
	}
}

// Commands aren't redirected, nor anything in a module whose output nobody replaces.
func TestRedirectModule(t *testing.T) {
	dir := t.TempDir()
	library, command := "package a\n\nimport \"fmt\"\n\nfunc f() { fmt.Println(1) }\n", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }\n"
	for name, text := range map[string]string{"a.go": library, "b/b.go": library, "cmd/c.go": command, "text.txt": "fmt.Println"} {
		if err := writeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := redirectModule(dir, tested); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.go": true, "b/b.go": true, "cmd/c.go": false, "text.txt": false} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(text), "xtraefik0") != want {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// The added package does what the interpreter does in the place of the library's functions.
func TestOutputPackage(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":              "module example.com/m\n\ngo 1.22\n",
		"xtraefik0/output.go": strings.ReplaceAll(outputText, "PACKAGE", "xtraefik0"),
		"main.go":             outputProgram,
	} {
		if err := writeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), elsewhere...)
	got, err := run.CombinedOutput()
	if want := "early\nlate\ne:line\ne:fatal 1\nfatal 1\nos.Exit(3)\n"; err != nil || string(got) != want {
		t.Errorf("%v, %q; want %q", err, got, want)
	}
}

const outputProgram = `package main

import (
	"bytes"
	"fmt"

	"example.com/m/xtraefik0"
)

func main() {
	xtraefik0.Printf("%s\n", "early")
	var out, err bytes.Buffer
	xtraefik0.Redirect(&out, &err)
	xtraefik0.Print("la")
	xtraefik0.Println("te")
	xtraefik0.Log.SetFlags(0)
	xtraefik0.Log.SetPrefix("e:")
	xtraefik0.Log.Println("line")
	caught(func() { xtraefik0.Log.Fatalf("fatal %d", 1) }, &err)
	caught(func() { xtraefik0.Exit(3) }, &err)
	fmt.Print(out.String(), err.String())
}

func caught(do func(), err *bytes.Buffer) {
	defer func() { fmt.Fprintln(err, recover()) }()
	do()
}
`
