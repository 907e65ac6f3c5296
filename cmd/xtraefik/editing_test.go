package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// loaderSource is a package that has what xtraefik looks for, and nothing else.
const loaderSource = `package plugins

import (
	"context"
	"reflect"

	"github.com/traefik/traefik/v3/pkg/observability/logs"
)

type (
	middlewareBuilder interface{ newMiddleware() }
	Settings          struct{}
	Manager           struct{}
)

// Manifest has a comment.
type Manifest struct {
	DisplayName, Type, Runtime string // and so has a field
	Import, BasePkg, Summary   string
	TestData                   map[string]any
}

type Descriptor struct{ ModuleName, Version string }

type yaegiMiddlewareBuilder struct{ fnNew, fnCreateConfig reflect.Value }

/* A comment in front. */

// ReadManifest reads.
func ReadManifest(goPath, moduleName string) (*Manifest, error) {
	return nil, nil // a comment behind
}

// ReadManifest is another one.
func (m *Manager) ReadManifest(moduleName string) (*Manifest, error) {
	return ReadManifest("", moduleName)
}

func (m *Manager) InstallPlugin(ctx context.Context, plugin Descriptor) error { return nil }

func newMiddlewareBuilder(ctx context.Context, goPath string, manifest *Manifest, moduleName string, settings Settings) (middlewareBuilder, error) {
	logs.NoLevel()
	return nil, nil
}
`

// layLoader writes a package into the place of Traefik's.
func layLoader(t *testing.T, text string) (traefik, path string) {
	t.Helper()
	traefik = t.TempDir()
	path = filepath.Join(traefik, "pkg", "plugins", "plugins.go")
	if err := writeFile(path, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return traefik, path
}

func TestRenameChangesNamesOnly(t *testing.T) {
	traefik, path := layLoader(t, loaderSource)
	l, err := readPluginLoader(traefik)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.rename(); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(
		"func ReadManifest(", "func readManifestFile(",
		"func newMiddlewareBuilder(", "func newInterpretedMiddlewareBuilder(",
		") InstallPlugin(", ") installFromCatalog(").Replace(loaderSource)
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("it is\n%s\n%v", got, err)
	}
	if l.logs != "github.com/traefik/traefik/v3/pkg/observability/logs" {
		t.Errorf("the package for logs is %q", l.logs)
	}
}

// Whatever differs from what is known is told, all at once, and nothing is written.
func TestUnknownSource(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		want     []string
	}{
		"a function that is missing":  {"func newMiddlewareBuilder", "func newBuilder", []string{"newMiddlewareBuilder: there is no such function; looked for func(ctx context.Context, goPath"}},
		"another parameter":           {"moduleName string, settings", "module string, settings", []string{"newMiddlewareBuilder: it is func(ctx context.Context, goPath string, manifest *Manifest, module string"}},
		"another result":              {"plugin Descriptor) error", "plugin Descriptor) (bool, error)", []string{"(*Manager).InstallPlugin: it is func(ctx context.Context, plugin Descriptor) (bool, error)"}},
		"a method that is a function": {"(m *Manager) InstallPlugin", "InstallPlugin", []string{"(*Manager).InstallPlugin: there is no such function"}},
		"another receiver":            {"(m *Manager) InstallPlugin", "(m Manager) InstallPlugin", []string{"(*Manager).InstallPlugin: there is no such function"}},
		"a function that is a method": {"func ReadManifest", "func (s Settings) ReadManifest", []string{"ReadManifest: there is no such function"}},
		"a field of another type":     {"fnNew, fnCreateConfig reflect.Value", "fnNew, fnCreateConfig any", []string{"type yaegiMiddlewareBuilder: there is no field fnNew reflect.Value", "there is no field fnCreateConfig"}},
		"a type that is missing":      {"type Descriptor struct", "type descriptor struct", []string{"type Descriptor: there is no field ModuleName string", "Version string"}},
		"a type that is no struct":    {"type yaegiMiddlewareBuilder struct{ fnNew, fnCreateConfig reflect.Value }", "type yaegiMiddlewareBuilder reflect.Value", []string{"type yaegiMiddlewareBuilder: there is no field fnNew"}},
		"a log of somebody else":      {"github.com/traefik/traefik/v3/pkg/observability/logs", "example.com/logs", []string{"no file calls NoLevel"}},
		"several things":              {"Manifest", "Declaration", []string{"newMiddlewareBuilder: it is", "ReadManifest: there is no such", "type Manifest: there is no field Import"}},
		"what isn't Go":               {"package plugins", "package", []string{"expected"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.ReplaceAll(loaderSource, c.old, c.new)
			traefik, path := layLoader(t, text)
			_, err := readPluginLoader(traefik)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error has no %q: %v", want, err)
				}
			}
			if got, _ := os.ReadFile(path); string(got) != text {
				t.Error("the file has changed")
			}
		})
	}
}

func TestInterfaceOfBothSpellings(t *testing.T) {
	traefik, _ := layLoader(t, strings.Replace(loaderSource, "map[string]any", "map[string]interface{}", 1))
	if _, err := readPluginLoader(traefik); err != nil {
		t.Error(err)
	}
}

func TestEmptySource(t *testing.T) {
	_, err := readPluginLoader(t.TempDir())
	if err == nil {
		t.Fatal("no error")
	}
	for _, f := range renamed {
		if !strings.Contains(err.Error(), f.name+": there is no such function; looked for "+f.signature) {
			t.Errorf("nothing of %s: %v", f.name, err)
		}
	}
}

func TestUnknownTraefikSaysWhatToDo(t *testing.T) {
	err := unknownTraefik("v3.9.0", errors.New("why"))
	for _, want := range []string{"Traefik v3.9.0: why", "v3.6", "v3.7", "a newer xtraefik"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

// The versions that the end-to-end tests have: each differs by three names.
func TestRealSource(t *testing.T) {
	for _, minor := range []string{"3.6", "3.7"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "e2e", "traefik", minor, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		version := regexp.MustCompile(`traefik/v3 (v\S+)`).FindSubmatch(text)
		traefik := t.TempDir()
		if _, err := layTraefik(source{path: traefikModule, version: string(version[1])}, traefik); err != nil {
			t.Fatal(err)
		}
		before := sourceLines(t, traefik)
		l, err := readPluginLoader(traefik)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.rename(); err != nil {
			t.Fatal(err)
		}
		changed := 0
		for i, line := range sourceLines(t, traefik) {
			if i >= len(before) || line != before[i] {
				changed++
			}
		}
		if changed != len(renamed) {
			t.Errorf("Traefik %s: %d lines have changed; want %d", version[1], changed, len(renamed))
		}
	}
}

func sourceLines(t *testing.T, traefik string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(traefik, "pkg", "plugins", "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%q, %v", paths, err)
	}
	all := ""
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
	}
	return strings.Split(all, "\n")
}
