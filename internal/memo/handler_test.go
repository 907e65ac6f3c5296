package memo

import (
	"math/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// The handlers that interpreted code uses have KeyFrom written out. They find a request under its
// key, and under no other one, whatever the request looks like.
func TestHandlersFindKeys(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	raws := []*request.Raw{{}, {Method: true, Host: true, Query: true, RawPath: true, Path: true}, rawOf(t, "{header.X-A}"), rawOf(t, "{cookie.a}")}
	for _, more := range []string{"{ip}", "{cookie.a|ip}", "{header.X-A}-{header.X-B}", "{method}-{ip}", "{path.1}-{header.X-A}", "{query.a|host}", "{method}-{host}-{path}-{header.X-A}-{cookie.a}", "{header.X-Real-Ip}-{ip}"} {
		raws = append(raws, rawOf(t, more))
	}
	for _, raw := range raws {
		for range 3000 {
			one, other := anyRequest(random), anyRequest(random)
			key, isWhole := request.KeyFrom(raw, one)
			otherKey, otherIsWhole := request.KeyFrom(raw, other)
			for name, handler := range handlersFor(raw, key) {
				if served(handler, one) != isWhole {
					t.Fatalf("%s, %+v: %+v is found: %t", name, raw, one, !isWhole)
				}
				if same := otherIsWhole && key == otherKey; served(handler, other) != same {
					t.Fatalf("%s, %+v: %+v is taken for %+v: %t", name, raw, other, one, !same)
				}
			}
		}
	}
}

// keptStatus is what the handler answers that is kept.
const keptStatus = http.StatusTeapot

// handlersFor are all handlers for these raw texts, with something kept for one key.
func handlersFor(raw *request.Raw, key string) map[string]http.HandlerFunc {
	k := &Keeper{Memo: New(NewBudget()), Raw: raw, Anew: func(http.ResponseWriter, *http.Request) {}}
	k.Memo.Learns.Store(false)
	table := map[string]http.Handler{key: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(keptStatus) })}
	k.Memo.Table.Store(table)
	handlers := map[string]http.HandlerFunc{"by key": byKey(k)}
	name := raw.OnlyHeader()
	switch {
	case raw.RawPath || raw.Remote && raw.HasPlace():
	case raw.HasPlace():
		handlers["by places"] = byPlaces(k, &table)
	case name == "":
		handlers["by headers"] = byHeaders(k, &table)
	default:
		handlers["with pages"] = withPages(k, name, &table)
		if raw.Whole[0] {
			handlers["by the only line"] = byOnlyLine(k, name, &table)
		} else {
			handlers["by a header"] = byHeader(k, name, &table)
		}
	}
	return handlers
}

type status int

func (s *status) Header() http.Header         { return http.Header{} }
func (s *status) Write(b []byte) (int, error) { return len(b), nil }
func (s *status) WriteHeader(code int)        { *s = status(code) }

// served tells whether a request gets what is kept.
func served(handler http.HandlerFunc, r *http.Request) bool {
	var s status
	handler(&s, r)
	return s == keptStatus
}

func rawOf(t *testing.T, text string) *request.Raw {
	t.Helper()
	template, err := request.ParseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return request.RawOf(request.AttributesFor([]string{"a"}, map[string]*request.Template{"a": template}), nil)
}

// anyRequest is one of many, with headers that are missing, empty, long or there twice.
func anyRequest(random *rand.Rand) *http.Request {
	one := func(of ...string) string { return of[random.Intn(len(of))] }
	r := &http.Request{
		Method: one("GET", "0", "1"), Host: one("", "a", "b"), RemoteAddr: one("192.0.2.1:5", "192.0.2.1:6", "192.0.2.2:5", ""), Header: http.Header{},
		URL: &url.URL{Path: one("/", "/a", "/a\x00\x00GET", "/"+strings.Repeat("p", request.LongestRaw)), RawPath: one("", "/%61"), RawQuery: one("", "a=1", "a=2", strings.Repeat("q", request.LongestRaw+1))},
	}
	for _, name := range []string{"X-A", "X-B", "Cookie", "X-Real-Ip", "X-Forwarded-For"} {
		for range random.Intn(6) / 2 {
			r.Header[name] = append(r.Header[name], one("", "a=1", "192.0.2.1", "192.0.2.1", strings.Repeat("x", request.LongestRaw), strings.Repeat("x", request.LongestRaw+1)))
		}
	}
	return r
}
