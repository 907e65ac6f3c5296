// Package flag_test holds what package flag does in tests that run twice from
// one source: compiled, and interpreted as Traefik would.
package flag_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/flag/driver"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/flag/other"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

type evaluate = func(key string, fallback any, kind string, attributes map[string]any) []any

// mode is package flag, compiled or interpreted, behind the functions of the driver.
type mode struct {
	name     string
	parse    func(document, format string) (evaluate, string)
	asked    func(document, key string, attributes map[string]any) string
	about    func(document, key string) (string, bool, string, bool)
	findings func(document, key string) string
	apply    func(rule string, data any) (any, string)
	variants func(document, key string, targetingKeys []string) string
	salted   func(document, salt, key string, targetingKeys []string) string
	repeat   func(document, key string, fallback any, attributes map[string]any, times int)
	lazily   func(document, key string, fallback any, attributes map[string]any, times int)
	keep     func(document string, keys []string)
	kept     func(key string, fallback any, attributes map[string]any) []any
}

func compiled() *mode {
	return &mode{
		name: "compiled", parse: driver.Parse, asked: driver.Asked, about: driver.About, findings: driver.Findings, apply: driver.Apply,
		variants: driver.Variants, salted: driver.Salted, repeat: driver.Repeat, lazily: driver.RepeatLazily, keep: driver.Keep, kept: driver.Kept,
	}
}

const module = "github.com/mod-zookeeper/traefik-zookeeper"

const driverPath = module + "/e2e/flag/driver"

func interpreted(t testing.TB) *mode {
	t.Helper()
	src := t.TempDir() + "/src"
	for _, folder := range []string{"flag", "flag/lint", "internal/ipset", "internal/lists"} {
		copySources(t, filepath.Join(parts.Root(), folder), filepath.Join(src, module, folder))
	}
	copySources(t, "driver", filepath.Join(src, driverPath))
	i := load(t, src, driverPath)
	m := &mode{name: "interpreted"}
	symbol(t, i, "driver.Parse", &m.parse)
	symbol(t, i, "driver.Asked", &m.asked)
	symbol(t, i, "driver.About", &m.about)
	symbol(t, i, "driver.Findings", &m.findings)
	symbol(t, i, "driver.Apply", &m.apply)
	symbol(t, i, "driver.Variants", &m.variants)
	symbol(t, i, "driver.Salted", &m.salted)
	symbol(t, i, "driver.Repeat", &m.repeat)
	symbol(t, i, "driver.RepeatLazily", &m.lazily)
	symbol(t, i, "driver.Keep", &m.keep)
	symbol(t, i, "driver.Kept", &m.kept)
	return m
}

// interpretedOther loads the other implementation of JsonLogic from the module cache.
func interpretedOther(t testing.TB) func(rule string, data map[string]any, times int) {
	t.Helper()
	src := t.TempDir() + "/src"
	for _, module := range []string{"github.com/diegoholiveira/jsonlogic/v3", "github.com/barkimedes/go-deepcopy"} {
		copySources(t, moduleDir(t, module), filepath.Join(src, module))
	}
	copySources(t, "other", filepath.Join(src, module, "e2e/flag/other"))
	i := load(t, src, module+"/e2e/flag/other")
	repeat := other.Repeat
	symbol(t, i, "other.Repeat", &repeat)
	return repeat
}

func load(t testing.TB, src, path string) *interp.Interpreter {
	t.Helper()
	i := interp.New(interp.Options{GoPath: filepath.Dir(src), Env: os.Environ(), Stdout: io.Discard, Stderr: os.Stderr})
	if err := i.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Eval("import " + `"` + path + `"`); err != nil {
		t.Fatalf("loading %s: %v", path, err)
	}
	return i
}

// symbol sets what a pointer refers to, to an interpreted function.
func symbol(t testing.TB, i *interp.Interpreter, name string, to any) {
	t.Helper()
	value, err := i.Eval(name)
	if err != nil {
		t.Fatal(err)
	}
	reflect.ValueOf(to).Elem().Set(value)
}

func moduleDir(t testing.TB, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("go list -m %s: %v", module, err)
	}
	return strings.TrimSpace(string(out))
}

func copySources(t testing.TB, from, to string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources in %s: %v", from, err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(name)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
