package lookup

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// Of several paths, the first one with a value counts. One that isn't known yet might have
// one, so those behind it don't count.
func TestFirstNodeWithAValue(t *testing.T) {
	unknown := &cache.Observed{}
	missing := &cache.Observed{Loaded: true, Known: true}
	refused := &cache.Observed{Loaded: true, Known: true, Refused: true}
	a := &cache.Observed{Loaded: true, Known: true, Value: "a"}
	b := &cache.Observed{Loaded: true, Known: true, Value: "b"}
	for _, c := range []struct {
		what  string
		all   []*cache.Observed
		value any
		code  string // where there is no value
	}{
		{"none", nil, nil, flag.ErrorProviderNotReady},
		{"the first", []*cache.Observed{a, b}, "a", ""},
		{"the second", []*cache.Observed{missing, b}, "b", ""},
		{"behind one that isn't known", []*cache.Observed{missing, unknown, b}, nil, flag.ErrorProviderNotReady},
		{"missing ones", []*cache.Observed{missing, missing}, nil, flag.ErrorFlagNotFound},
		{"one that is refused", []*cache.Observed{refused, missing}, nil, flag.ErrorParse},
		{"one that is too old", []*cache.Observed{{Loaded: true}}, nil, ""},
	} {
		reader := &request.Reader{Request: httptest.NewRequest(http.MethodGet, "/", nil)}
		for way, seen := range map[string]*cache.Observed{"all": FirstWithValue(c.all), "a request": FindFor(&Finder{Seen: c.all}, reader)} {
			if seen.Value != c.value || c.value == nil && MissingCode(seen) != c.code {
				t.Errorf("%s, for %s: %+v", c.what, way, seen)
			}
		}
	}
}
