// Package front stresses the handler that Traefik gets, interpreted: the one that
// is replaced without the reader's knowledge.
package front

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

var lasting = flag.Duration("lasting", 5*time.Second, "how long the stress goes on")

// The driver is put into two packages of the plugin: the one that sets headers, and the
// one that replaces handlers.
var driver = map[string]string{
	"headerplan": `package headerplan

import (
	"net/http"
	"strconv"
)

// Saying says a number in two headers and removes an alias, by shapes that take turns.
func Saying(next http.Handler, number int) http.HandlerFunc {
	a := []string{strconv.Itoa(number)}
	b := []string{strconv.Itoa(number)}
	s := &Wanted{Names: []string{"X-A", "X-B"}, Values: [][]string{a, b}, Removed: []string{"X_a"}}
	if number%3 == 0 {
		s.Names = []string{"X-A", "X-C", "X-D", "X-E", "X-F", "X-B"}
		s.Values = [][]string{a, a, a, a, a, b}
	}
	if number%3 == 1 {
		s.Removed = []string{"X_b", "X_c", "X_a"}
	}
	return Before(next, Of(s))
}
`,
	"published": `package published

import (
	"net/http"
	"strconv"
	"sync/atomic"
)

// Telling says a number in a header, from a table that is read in place, and counts on.
func Telling(next http.Handler, current *atomic.Value) http.HandlerFunc {
	table := WordOf(current).(*map[string]http.Handler)
	return func(w http.ResponseWriter, r *http.Request) {
		known := (*table)["key"]
		known.ServeHTTP(w, r)
		next.ServeHTTP(w, r)
	}
}

// Table has a handler for one key among others, so that it is read in several words.
func Table(number int) map[string]http.Handler {
	table := map[string]http.Handler{}
	for i := 0; i < number%20; i++ {
		table[strconv.Itoa(i)] = http.NotFoundHandler()
	}
	table["key"] = saying(strconv.Itoa(number))
	return table
}

func saying(number string) http.Handler {
	lines := []string{number}
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Header["X-B"] = lines })
}
`,
	"middleware": `package middleware

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"` + plugin.Module + `/internal/headerplan"
	"` + plugin.Module + `/internal/published"
)

var lines, tables = &atomic.Value{}, &atomic.Value{}

// InPlace says a number in two headers, of which one is a line that is read in place, and the
// other one stands in a table that is.
func InPlace(next http.Handler) http.Handler {
	Replace(0, 1)
	wanted := &headerplan.Wanted{Names: []string{"X-A"}, Values: [][]string{{""}}, Removed: []string{"X_a"}, Lines: lines}
	return http.HandlerFunc(published.Telling(http.HandlerFunc(headerplan.Before(next, headerplan.Of(wanted))), tables))
}

func Replace(from, to int) {
	for i := from; i < to; i++ {
		lines.Store(published.Line(strconv.Itoa(i)))
		tables.Store(published.Table(i))
	}
}

var stressed *switcher

func Start() http.Handler {
	stressed = newSwitcher(func(http.ResponseWriter, *http.Request) {})
	return stressed.handler
}

func Stress(next http.Handler, from, to int) {
	for i := from; i < to; i++ {
		replaceHandler(stressed, headerplan.Saying(next, i))
	}
}
`,
}

// Requests on all processors get what one handler says, old or new and never an
// older one than before, while it is replaced without a pause and the garbage
// collector takes the old ones away.
func TestSwapsInterpreted(t *testing.T) {
	handler, swap := load(t)
	var served, over atomic.Int64
	service := http.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if a, b := r.Header["X-A"][0], r.Header["X-B"][0]; a != b {
			t.Errorf("the headers are of different handlers: %s and %s", a, b)
		}
		if _, forged := r.Header["X_a"]; forged {
			t.Error("an alias gets through")
		}
	}))
	swap(service, 0, 1)
	var readers sync.WaitGroup
	for range 2 * runtime.NumCPU() {
		readers.Go(func() {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			last, requests := 0, int64(0)
			for ; over.Load() == 0; requests++ {
				r.Header["X-A"], r.Header["X_a"] = []string{"forged"}, []string{""}
				handler.ServeHTTP(nil, r)
				now, _ := strconv.Atoi(r.Header["X-A"][0])
				if now < last {
					t.Errorf("after handler %d, handler %d is back", last, now)
				}
				last = now
			}
			served.Add(requests)
		})
	}
	swaps := 1
	for end := time.Now().Add(*lasting); time.Now().Before(end); swaps += 1000 {
		swap(service, swaps, swaps+1000)
	}
	over.Store(1)
	readers.Wait()
	t.Logf("%d swaps under %d requests", swaps, served.Load())
}

// What is read in place, a line and a table, is what was stored there last, or just before.
func TestWordsAreReadInPlaceInterpreted(t *testing.T) {
	i := interpreted(t)
	var over atomic.Bool
	service := http.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	handler := evaluate(t, i, "middleware.InPlace").Call([]reflect.Value{reflect.ValueOf(&service).Elem()})[0].Interface().(http.Handler)
	replace := evaluate(t, i, "middleware.Replace")
	var readers sync.WaitGroup
	for range 2 * runtime.NumCPU() {
		readers.Go(func() {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			last := map[string]int{}
			for !over.Load() {
				r.Header["X-A"], r.Header["X-B"] = []string{"forged"}, []string{"forged"}
				handler.ServeHTTP(nil, r)
				for name, before := range map[string]int{"X-A": last["X-A"], "X-B": last["X-B"]} {
					now, err := strconv.Atoi(r.Header[name][0])
					if err != nil || len(r.Header[name]) != 1 || now < before {
						t.Errorf("after %d, %s is %q", before, name, r.Header[name])
					}
					last[name] = now
				}
			}
		})
	}
	number := 1
	for end := time.Now().Add(*lasting); time.Now().Before(end); number += 100 {
		replace.Call([]reflect.Value{reflect.ValueOf(number), reflect.ValueOf(number + 100)})
	}
	over.Store(true)
	readers.Wait()
	t.Logf("%d replacements", number)
}

// load is the handler that Traefik gets, and what replaces it.
func load(t *testing.T) (http.Handler, func(service http.Handler, from, to int)) {
	t.Helper()
	i := interpreted(t)
	stress := evaluate(t, i, "middleware.Stress")
	handler, swapped := evaluate(t, i, "middleware.Start()").Interface().(*http.HandlerFunc)
	if !swapped {
		t.Fatal("this switcher isn't the one for the interpreter")
	}
	return handler, func(service http.Handler, from, to int) {
		stress.Call([]reflect.Value{reflect.ValueOf(service), reflect.ValueOf(from), reflect.ValueOf(to)})
	}
}

// interpreted has the plugin's packages, with the driver in them.
func interpreted(t *testing.T) *interp.Interpreter {
	t.Helper()
	gopath := plugin.GoPath(t)
	internal := plugin.Module + "/internal/"
	for name, text := range driver {
		if err := os.WriteFile(filepath.Join(gopath, "src", internal, name, "driver.go"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	i := interp.New(interp.Options{GoPath: gopath})
	if err := i.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	evaluate(t, i, fmt.Sprintf("import %q", internal+"middleware"))
	return i
}

func evaluate(t *testing.T, i *interp.Interpreter, text string) reflect.Value {
	t.Helper()
	value, err := i.Eval(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
