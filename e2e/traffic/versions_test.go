package traffic

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
)

var versionRoutes = []route{
	{name: "modes", middlewares: []string{"modes"}},
	{name: "late", middlewares: []string{"modes-late"}},
	{name: "http-as-theirs", middlewares: []string{"as-theirs"}},
	{name: "http-model", middlewares: []string{"model"}},
	{name: "rpc", service: "rpc", middlewares: []string{"modes-late"}},
	{name: "rpc-as-theirs", service: "rpc", middlewares: []string{"as-theirs"}},
	{name: "rpc-model", service: "rpc", middlewares: []string{"model"}},
	{name: "moved-as-theirs", middlewares: []string{"as-theirs", "moved"}},
	{name: "moved-model", middlewares: []string{"model", "moved"}},
}

// Modes are what the rules make of an answer, without values of the service's own and with.
var (
	modesBesideNone = "X-Set: ours, X-Append: ours, X-Absent: ours"
	modesBesideOwn  = "X-Set: ours, X-Append: its+own+ours, X-Absent: its+own, X-Left: its+own"
	modes           = map[string]map[bool]string{
		"/modes": {false: modesBesideNone, true: modesBesideOwn + ", X-Mine: its+own, X-Mine-Too: its+own"},
		"/late":  {false: modesBesideNone + ", X-Mine: hers, X-Mine-Too: hers", true: modesBesideOwn + ", X-Mine: hers, X-Mine-Too: its+own"},
		"/rpc":   {false: modesBesideNone + ", X-Mine: hers, X-Mine-Too: hers", true: modesBesideOwn + ", X-Mine: hers, X-Mine-Too: its+own"},
	}
)

// plainWays are those whose answer is there at once.
var plainWays = []string{"", "status", "long", "nothing", "no content", "not modified", "error", "hints", "continue", "announced", "unforeseen", "empty"}

func own(is bool) []string {
	headers := []string{"X-User: ann"}
	if is {
		headers = append(headers, "X-Own: yes")
	}
	return headers
}

// Whatever the service says, and in whichever version of HTTP, each mode does what its name
// says, and all else of the answer is what Traefik's own middleware leaves of it.
func testModes(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, way := range plainWays {
			for _, isOwn := range []bool{false, true} {
				for path, want := range modes {
					c := call{version: version, path: path, way: way, headers: own(isOwn)}
					if a := s.do(t, c); headersOf(a.header) != want[isOwn] {
						t.Errorf("%s: %s, %q, own %t: %s, want %s", version, path, way, isOwn, headersOf(a.header), want[isOwn])
					}
				}
			}
		}
	}
}

// lengths are headers that a version's server adds by itself. Of an answer without a body,
// HTTP/3's says that its length is 0 where it was not flushed, also to HEAD.
var lengths = map[string][]string{h3: {"Content-Length"}}

// Traefik's own middleware in the same place gives the same answer, to the last header.
func testAsTheirs(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, way := range append(slices.Clone(plainWays), "same name") {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				for _, prefix := range []string{"/http-", "/rpc-"} {
					c := call{version: version, method: method, path: prefix + "model", way: way, headers: own(way != "status")}
					want := s.do(t, c)
					c.path = prefix + "as-theirs"
					if difference := s.do(t, c).differs(want, lengths[version]...); difference != "" {
						t.Errorf("%s %s with %q, %s: %s", version, method, way, c.path, difference)
					}
				}
			}
		}
	}
}

// A redirect that one of Traefik's middlewares behind gives without a length has the one that
// the server counts, as behind Traefik's own headers.
func testRedirectBehind(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			want := s.do(t, call{version: version, method: method, path: "/moved-model"})
			got := s.do(t, call{version: version, method: method, path: "/moved-as-theirs"})
			if difference := got.differs(want); difference != "" || got.header.Get("Location") == "" {
				t.Errorf("%s %s: %s", version, method, difference)
			}
		}
	}
}

// The headers are those of the final answer, whatever came before it.
func testAfterA1xx(t *testing.T, s *stage) {
	for _, version := range versions {
		for path, want := range modes {
			for _, expect := range [][]string{nil, {"Expect: 100-continue"}} {
				c := call{version: version, method: http.MethodPost, path: path, way: "hints", body: "hello", headers: append(own(false), expect...)}
				a := s.do(t, c)
				if headersOf(a.header) != want[false] || a.body != "hello" {
					t.Errorf("%s: %s, %q: %s with %q", version, path, expect, headersOf(a.header), a.body)
				}
				if fmt.Sprint(a.early) != fmt.Sprint([]string{link, link}) {
					t.Errorf("%s: %s, %q: before it %q", version, path, expect, a.early)
				}
			}
		}
	}
}

// A client that waits for a 100 before it sends its body gets it, and then the answer. The
// fast proxy hands on the service's own 100 too.
func testContinue(t *testing.T, s *stage) {
	for _, path := range []string{"/modes", "/late"} {
		response, conn, r := s.exchange(t, "POST "+path+" HTTP/1.1", "Host: a", "X-User: ann", "X-Way: continue", "Content-Length: 5", "Expect: 100-continue")
		if response.StatusCode != http.StatusContinue || headersOf(response.Header) != "" {
			t.Errorf("%s: %s with %s before the body", path, response.Status, headersOf(response.Header))
		}
		fmt.Fprint(conn, "hello")
		for response.StatusCode == http.StatusContinue {
			var err error
			if response, err = http.ReadResponse(r, nil); err != nil {
				t.Fatal(err)
			}
		}
		body, err := io.ReadAll(response.Body)
		if string(body) != "hello" || headersOf(response.Header) != modes[path][false] {
			t.Errorf("%s: %s with %q, %v, %s", path, response.Status, body, err, headersOf(response.Header))
		}
	}
}

// Trailers come behind the body, with and without announcement.
func testTrailers(t *testing.T, s *stage) {
	for _, version := range versions {
		for path, want := range modes {
			for way, body := range map[string]string{"announced": "served", "unforeseen": "served", "empty": ""} {
				a := s.do(t, call{version: version, path: path, way: way, headers: append(own(false), "Te: trailers")})
				if a.trailer.Get("X-Late") != "late" || a.body != body || headersOf(a.header) != want[false] || a.header["X-Late"] != nil {
					t.Errorf("%s: %s, %s: %q, %v, trailers %v", version, path, way, a.body, a.header, a.trailer)
				}
			}
		}
	}
}
