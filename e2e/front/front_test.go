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
	"middleware": `package middleware

import (
	"net/http"

	"` + plugin.Module + `/internal/headerplan"
)

var stressed *switcher

func Start() http.Handler {
	stressed = newSwitcher(func(http.ResponseWriter, *http.Request) {})
	return stressed.handler
}

func Stress(next http.Handler, from, to int) {
	for i := from; i < to; i++ {
		stressed.replace(headerplan.Saying(next, i))
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

// load interprets the plugin's packages, with the driver in them.
func load(t *testing.T) (http.Handler, func(service http.Handler, from, to int)) {
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
	stress := evaluate(t, i, "middleware.Stress")
	handler, swapped := evaluate(t, i, "middleware.Start()").Interface().(*http.HandlerFunc)
	if !swapped {
		t.Fatal("this switcher isn't the one for the interpreter")
	}
	return handler, func(service http.Handler, from, to int) {
		stress.Call([]reflect.Value{reflect.ValueOf(service), reflect.ValueOf(from), reflect.ValueOf(to)})
	}
}

func evaluate(t *testing.T, i *interp.Interpreter, text string) reflect.Value {
	t.Helper()
	value, err := i.Eval(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
