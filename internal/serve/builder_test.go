package serve

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// The request path of headers and boolean gates works on what was prepared.
func TestRequestAllocatesNothing(t *testing.T) {
	s := &snapshot{names: []string{"X-A"}, values: [][]string{{"a"}}, removed: []string{"X_a", "X-B"}}
	handler := HandlerFor(builderFor(s, &BoundRules{rules: &rules.Rules{}}), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["X-A"] = nil
	if n := testing.AllocsPerRun(100, func() { handler.ServeHTTP(nil, r) }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
	if r.Header.Get("X-A") != "a" {
		t.Errorf("X-A is %q", r.Header.Get("X-A"))
	}
}
