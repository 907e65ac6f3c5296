package behaviour

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// proxied is what comes back from a service behind a reverse proxy, as Traefik has one.
var proxied = []behaviour{
	{"headers of the response, and what the service says itself", testHeadersOfTheResponseAndTheServices},
	{"headers of the response after a 1xx", testHeadersOfTheResponseAfterA1xx},
	{"an answer in parts", testAnswerInParts},
	{"trailers", testTrailers},
	{"an upgrade", testUpgrade},
	{"headers of the response at a closed gate", testHeadersOfTheResponseAtAClosedGate},
	{"preflights", testPreflights},
}

// front is a server with the plugin in front of a reverse proxy to a service.
func (s *suite) front(t *testing.T, config string, service http.HandlerFunc, http2 bool) *httptest.Server {
	t.Helper()
	behind := httptest.NewServer(service)
	t.Cleanup(behind.Close)
	to, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, FlushInterval: 100 * time.Millisecond}
	server := httptest.NewUnstartedServer(s.before(t, config, proxy))
	if http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// before is a middleware in front of a handler. Names of middlewares differ.
func (s *suite) before(t *testing.T, config string, next http.Handler) http.Handler {
	t.Helper()
	decoded, err := plugin.FromYAML(s.own(config))
	if err != nil {
		t.Fatalf("the test's configuration: %v\n%s", err, config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	handler, err := s.plugin.New(ctx, next, decoded, t.Name()+uniqueCluster())
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// inEachVersion runs a test with HTTP/1.1 and with HTTP/2.
func inEachVersion(t *testing.T, test func(t *testing.T, http2 bool)) {
	for _, http2 := range []bool{false, true} {
		t.Run(map[bool]string{false: "1.1", true: "2"}[http2], func(t *testing.T) { test(t, http2) })
	}
}

// eachMode has a rule of each mode for a header of its own, two rules without a value,
// and two whose values depend on the request.
const eachMode = anyCluster + `responseHeaders:
  - {name: X-Set, path: /responses/value}
  - {name: X-Append, path: /responses/value, mode: append}
  - {name: X-Absent, path: /responses/value, mode: ifAbsent}
  - {name: X-Removed, mode: remove}
  - {name: X-Without, path: /responses/none}
  - {name: X-Left, path: /responses/none, mode: ifAbsent}
  - {name: X-Mine, path: '/responses/of/{header.X-User}', default: common}
  - {name: X-Mine-Too, path: '/responses/of/{header.X-User}', mode: ifAbsent}
`

var eachHeader = []string{"X-Set", "X-Append", "X-Absent", "X-Removed", "X-Without", "X-Left", "X-Mine", "X-Mine-Too"}

func (s *suite) seedResponses() {
	s.admin.Put("/responses/value", []byte("ours"))
	s.admin.Put("/responses/of/ann", []byte("hers"))
}

// headersOf are those of an answer that the rules are about.
func headersOf(header http.Header) string {
	var all []string
	for _, name := range eachHeader {
		if values := header[http.CanonicalHeaderKey(name)]; values != nil {
			all = append(all, name+": "+strings.Join(values, "+"))
		}
	}
	return strings.Join(all, ", ")
}

const (
	besideNone = "X-Set: ours, X-Append: ours, X-Absent: ours, X-Mine: hers, X-Mine-Too: hers"
	besideOwn  = "X-Set: ours, X-Append: its+own+ours, X-Absent: its+own, X-Left: its+own, X-Mine: hers, X-Mine-Too: its+own"
)

// ways are those in which a service may answer.
var ways = map[string]http.HandlerFunc{
	"a status and a body": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "body")
	},
	"a body of a known length": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		_, _ = io.WriteString(w, "body")
	},
	"a long body":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("body", 100000)) },
	"no body":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	"nothing":      func(http.ResponseWriter, *http.Request) {},
	"not modified": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
	"an error":     func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) },
}

func testHeadersOfTheResponseAndTheServices(t *testing.T, s *suite) {
	s.seedResponses()
	inEachVersion(t, func(t *testing.T, http2 bool) {
		for way, answer := range ways {
			for _, own := range []bool{false, true} {
				server := s.front(t, eachMode, func(w http.ResponseWriter, r *http.Request) {
					if own {
						for _, name := range eachHeader {
							w.Header()[http.CanonicalHeaderKey(name)] = []string{"its", "own"}
						}
					}
					answer(w, r)
				}, http2)
				want := map[bool]string{false: besideNone, true: besideOwn}[own]
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
					direct := recorded(answer, method)
					response, body := fetch(t, server, method, "", nil)
					if got := headersOf(response.Header); got != want {
						t.Errorf("%s, %s: %s, want %s", way, method, got, want)
					}
					if response.StatusCode != direct.StatusCode || method != http.MethodHead && body != bodyOf(direct) {
						t.Errorf("%s, %s: %s, %d bytes", way, method, response.Status, len(body))
					}
				}
			}
		}
	})
}

// recorded is what a service answers without anything in between.
func recorded(service http.HandlerFunc, method string) *http.Response {
	w := httptest.NewRecorder()
	service(w, httptest.NewRequest(method, "/", nil))
	return w.Result()
}

func bodyOf(response *http.Response) string {
	body, _ := io.ReadAll(response.Body)
	return string(body)
}

// fetch sends ann's request, with headers beside, and reads the answer.
func fetch(t *testing.T, server *httptest.Server, method, body string, trace *httptrace.ClientTrace, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, server.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-User", "ann")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	if trace != nil {
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response, bodyOf(response)
}

// The headers are those of the final answer, whatever came before it.
func testHeadersOfTheResponseAfterA1xx(t *testing.T, s *suite) {
	s.seedResponses()
	inEachVersion(t, func(t *testing.T, http2 bool) {
		server := s.front(t, eachMode, func(w http.ResponseWriter, r *http.Request) {
			for range 3 {
				w.Header().Set("Link", "</style.css>; rel=preload")
				w.WriteHeader(http.StatusEarlyHints)
			}
			_, _ = io.Copy(w, r.Body)
		}, http2)
		for _, headers := range [][]string{nil, {"Expect: 100-continue"}} {
			var early []string
			response, body := fetch(t, server, http.MethodPost, "hello", &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
				if code == http.StatusEarlyHints {
					early = append(early, header.Get("Link")+headersOf(http.Header(header)))
				}
				return nil
			}}, headers...)
			if got := headersOf(response.Header); got != besideNone || body != "hello" {
				t.Errorf("%q: %s with %q, want %s", headers, got, body, besideNone)
			}
			if link := "</style.css>; rel=preload"; !slices.Equal(early, []string{link, link, link}) {
				t.Errorf("%q: before it, %q", headers, early)
			}
		}
	})
}

// What a service has sent so far reaches the client while the service goes on.
func testAnswerInParts(t *testing.T, s *suite) {
	s.seedResponses()
	inEachVersion(t, func(t *testing.T, http2 bool) {
		for _, kind := range []string{"text/event-stream", "application/x-ndjson", "application/grpc"} {
			next := make(chan bool)
			server := s.front(t, eachMode, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", kind)
				w.WriteHeader(http.StatusOK)
				_ = http.NewResponseController(w).Flush()
				for range next {
					_, _ = io.WriteString(w, "part\n")
					_ = http.NewResponseController(w).Flush()
				}
			}, http2)
			r, _ := http.NewRequest(http.MethodGet, server.URL, nil)
			r.Header.Set("X-User", "ann")
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := headersOf(response.Header); got != besideNone {
				t.Errorf("%s: %s", kind, got)
			}
			lines := bufio.NewReader(response.Body)
			for range 3 {
				next <- true
				if line, err := lines.ReadString('\n'); line != "part\n" {
					t.Errorf("%s: %q, %v", kind, line, err)
				}
			}
			close(next)
			response.Body.Close()
		}
	})
}
