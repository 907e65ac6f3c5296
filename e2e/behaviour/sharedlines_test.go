package behaviour

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// The lines that are set in a request, and in an answer, stand in many others as well. Whoever is
// behind or in front of the middleware changes those headers as it is done in Go, and others get
// what they would have got.
var sharedLines = []behaviour{
	{"what others make of headers stays in their request", testOthersChangeHeaders},
}

var sharedConfigs = []string{
	"requestHeaders: [{name: X-Theme, path: /memo/value}]\n",
	"requestHeaders: [{name: X-Theme, path: /memo/value}, {name: X-Value, path: /memo/value}]\n",
	"requestHeaders: [{name: X-Theme, path: '/memo-of/{header.X-User}'}]\n",
	"requestHeaders: [{name: X-Theme, flag: /memo/theme, default: none}]\n",
	"gates: [{path: /memo/share, dryRun: true}]\ndecisionHeader: X-Theme\n",
	"gates: [{path: /memo/plan, dryRun: true}]\nresponseHeaders: [{name: X-Theme, path: /memo/value}]\n",
	"gates: [{path: /memo/value, default: 'off'}]\nresponseHeaders: [{name: X-Theme, path: /memo/value}]\n",
	"responseHeaders: [{name: X-Theme, flag: /memo/theme, default: none}]\n",
}

var headerChanges = map[string]func(http.Header){
	"add":    func(h http.Header) { h.Add("X-Theme", "added") },
	"append": func(h http.Header) { h["X-Theme"] = append(h["X-Theme"], "appended") },
	"set":    func(h http.Header) { h.Set("X-Theme", "other") },
	"delete": func(h http.Header) { h.Del("X-Theme") },
	"rewrite": func(h http.Header) {
		lines := h.Values("X-Theme")
		h.Del("X-Theme")
		for _, line := range lines {
			h.Add("X-Theme", "re"+line)
		}
	},
}

func testOthersChangeHeaders(t *testing.T, s *suite) {
	s.seedMemo()
	s.admin.Put("/memo-of/ann", []byte("gold"))
	for _, config := range sharedConfigs {
		for what, change := range headerChanges {
			ask := s.startChanging(t, anyCluster+memoContext+config, change)
			first := ask()
			for range 5 {
				if got := ask(); !reflect.DeepEqual(got, first) {
					t.Fatalf("%s%s: at first there was %q, then %q", config, what, first, got)
				}
			}
		}
	}
}

// startChanging starts a middleware with somebody who changes headers: those of the request behind
// it, those of the answer in front. It returns what is there before, of one request.
func (s *suite) startChanging(t *testing.T, config string, change func(http.Header)) func() []string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	var there []string
	note := func(lines []string) {
		if cap(lines) > len(lines) {
			t.Errorf("%sbehind %q is room, which two requests would append to", config, lines)
		}
		there = append(there, fmt.Sprint(lines))
	}
	service := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		note(r.Header["X-Theme"])
		change(r.Header)
	})
	decoded, err := plugin.FromYAML(s.own(config))
	if err != nil {
		t.Fatal(err)
	}
	handler, err := s.plugin.New(ctx, service, decoded, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		there = nil
		r := httptest.NewRequest(http.MethodGet, "http://example.test/", nil)
		r.Header.Set("X-User", "ann")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		answered := w.Header()
		note(answered["X-Theme"])
		change(answered)
		return there
	}
}
