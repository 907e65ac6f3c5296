// Package plugin gives tests the plugin in two modes behind one interface:
// compiled, and interpreted as Traefik loads it.
package plugin

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// Module is the plugin's import path.
const Module = "github.com/mod-zookeeper/traefik-zookeeper"

// Plugin is the plugin in one of its modes.
type Plugin interface {
	// New decodes a configuration as Traefik does and calls the plugin's New.
	New(ctx context.Context, next http.Handler, config map[string]any, name string) (http.Handler, error)
	// Mode is compiled or interpreted.
	Mode() string
	// Output is what the plugin has printed so far.
	Output() string
}

// output collects what the plugin prints, from any goroutine.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

type compiled struct{ output output }

// Compiled is the package as any Go program uses it. Of its output, only what
// goes through package log is collected: the errors.
func Compiled() Plugin {
	p := &compiled{}
	log.SetOutput(&p.output)
	return p
}

func (p *compiled) New(ctx context.Context, next http.Handler, config map[string]any, name string) (http.Handler, error) {
	c := zookeeper.CreateConfig()
	if err := dynamic.Decode(config, c); err != nil {
		return nil, err
	}
	return zookeeper.New(ctx, next, c, name)
}

func (p *compiled) Mode() string { return "compiled" }

func (p *compiled) Output() string { return p.output.String() }

// buildTags are what the interpreter reads the plugin with.
var buildTags []string

type interpreted struct {
	interpreter  *interp.Interpreter
	output       output
	createConfig reflect.Value
	construct    reflect.Value
	evaluating   sync.Mutex // the interpreter takes one text at a time
}

// Interpreted loads the plugin into an interpreter of its own, as Traefik does
// with a local plugin. Other symbols take the place of the standard library's.
func Interpreted(t testing.TB, others ...interp.Exports) Plugin {
	t.Helper()
	return Load(t, GoPath(t), others...)
}

// GoPath is a folder with the plugin as Traefik would unpack it.
func GoPath(t testing.TB) string {
	t.Helper()
	gopath := t.TempDir()
	if err := Install(filepath.Join(gopath, "src")); err != nil {
		t.Fatal(err)
	}
	return gopath
}

// Load is Interpreted with a GoPath that is there already.
func Load(t testing.TB, gopath string, others ...interp.Exports) Plugin {
	t.Helper()
	p := &interpreted{}
	i := interp.New(interp.Options{GoPath: gopath, Env: os.Environ(), Stdout: &p.output, Stderr: &p.output, BuildTags: buildTags})
	p.interpreter = i
	for _, symbols := range append([]interp.Exports{stdlib.Symbols}, others...) {
		if err := i.Use(symbols); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.Eval(fmt.Sprintf("import %q", Module)); err != nil {
		t.Fatalf("loading the plugin: %v", err)
	}
	p.createConfig = eval(t, i, "zookeeper.CreateConfig")
	p.construct = eval(t, i, "zookeeper.New")
	return p
}

// Function is the function of that name in a package, in the plugin's mode. The package
// is one of the plugin, or one that stands in its GoPath.
func Function[F any](t testing.TB, p Plugin, importPath, name string, compiled F) F {
	t.Helper()
	i, is := p.(*interpreted)
	if !is {
		return compiled
	}
	i.evaluating.Lock()
	defer i.evaluating.Unlock()
	if _, err := i.interpreter.Eval(fmt.Sprintf("import %q", importPath)); err != nil {
		t.Fatal(err)
	}
	return eval(t, i.interpreter, path.Base(importPath)+"."+name).Interface().(F)
}

func eval(t testing.TB, i *interp.Interpreter, expression string) reflect.Value {
	t.Helper()
	value, err := i.Eval(expression)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func (p *interpreted) New(ctx context.Context, next http.Handler, config map[string]any, name string) (http.Handler, error) {
	c := p.createConfig.Call(nil)[0]
	if err := dynamic.Decode(config, c.Interface()); err != nil {
		return nil, err
	}
	results := p.construct.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(next), c, reflect.ValueOf(name)})
	if results[1].Interface() != nil {
		return nil, results[1].Interface().(error)
	}
	return results[0].Interface().(http.Handler), nil
}

func (p *interpreted) Mode() string { return "interpreted" }

func (p *interpreted) Output() string { return p.output.String() }
