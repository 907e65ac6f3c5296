package serve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
)

// serviceWith is a server with rules for headers of the response in front of a service.
func serviceWith(t *testing.T, c *config.Config, service http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(HandlerFor(NewBuilder(bound(t, c), &input.Expiry{Now: time.Now()}), service))
	t.Cleanup(server.Close)
	return server
}

var responseRules = &config.Config{ResponseHeaders: []config.HeaderRule{
	{Name: "X-Set", Path: []string{"/a"}, Default: "ours"}, {Name: "X-Removed", Mode: "remove"}, {Name: "X-Without", Path: []string{"/a"}},
	{Name: "X-Append", Path: []string{"/a"}, Default: "ours", Mode: "append"}, {Name: "X-Absent", Path: []string{"/a"}, Default: "ours", Mode: "ifAbsent"},
	{Name: "X-Late", Path: []string{"/{host}"}, Default: "ours", MaxNodes: "10"},
}}

// However a service answers, its answer has the headers as the rules say, each once.
func TestHeadersOfEachWayToAnswer(t *testing.T) {
	own := func(w http.ResponseWriter) {
		for _, name := range []string{"X-Set", "X-Removed", "X-Without", "X-Append", "X-Late"} {
			w.Header()[name] = []string{"its", "own"}
		}
	}
	for what, service := range map[string]http.HandlerFunc{
		"a status and a body": func(w http.ResponseWriter, _ *http.Request) {
			own(w)
			w.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(w, "body")
		},
		"a body": func(w http.ResponseWriter, _ *http.Request) {
			own(w)
			_, _ = io.WriteString(w, "body")
		},
		"a flush": func(w http.ResponseWriter, _ *http.Request) {
			own(w)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "body")
		},
		"nothing": func(w http.ResponseWriter, _ *http.Request) { own(w) },
		"a 103 before": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</style.css>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			clear(w.Header())
			own(w)
			w.WriteHeader(http.StatusOK)
			w.WriteHeader(http.StatusTeapot)
		},
		"no body": func(w http.ResponseWriter, _ *http.Request) {
			own(w)
			w.WriteHeader(http.StatusNoContent)
		},
	} {
		response, err := http.Get(serviceWith(t, responseRules, service).URL)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		for name, want := range map[string]int{"X-Set": 1, "X-Removed": 0, "X-Without": 0, "X-Append": 3, "X-Absent": 1, "X-Late": 1} {
			got := response.Header[name]
			if len(got) != want || want > 0 && got[len(got)-1] != "ours" {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
	}
}

// What a server's own writer can do, a service can do with it behind the rules.
func TestWhatAWriterCanDo(t *testing.T) {
	deadline := func(w http.ResponseWriter) error { return http.NewResponseController(w).SetWriteDeadline(time.Time{}) }
	for what, try := range map[string]func(w http.ResponseWriter) error{
		"flush": func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() },
		"flush by the interface": func(w http.ResponseWriter) error {
			w.(http.Flusher).Flush()
			return nil
		},
		"a deadline": deadline,
		"hijack": func(w http.ResponseWriter) error {
			connection, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, err = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				connection.Close()
			}
			return err
		},
	} {
		server := serviceWith(t, responseRules, func(w http.ResponseWriter, _ *http.Request) {
			if err := try(w); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		})
		r, _ := http.NewRequest(http.MethodGet, server.URL, nil)
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "other")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		response.Body.Close()
	}
}

// The answer of a closed gate has the headers as well, but nothing that belongs to an
// answer of the service, or would have it kept. What the gate has by itself counts.
func TestHeadersOfARefusal(t *testing.T) {
	for _, path := range []string{"/a", "/{host}"} {
		var list []config.HeaderRule
		for _, name := range []string{"X-Set", "X-Gate", "Cache-Control", "Content-Encoding", "Vary"} {
			list = append(list, config.HeaderRule{Name: name, Path: []string{path}, Default: "ours", MaxNodes: "10"})
		}
		server := serviceWith(t, &config.Config{
			Gates:           []config.Gate{{Path: []string{path}, MaxNodes: "10", Headers: map[string]string{"X-Gate": "gate"}, JSONBody: "{}"}},
			ResponseHeaders: append(list, config.HeaderRule{Name: "X-Removed", Mode: "remove"}),
		}, nil)
		response, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		for name, want := range map[string]string{"X-Set": "ours", "X-Gate": "gate", "Cache-Control": "no-store", "Content-Encoding": "", "Vary": "ours"} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("with %s, %s is %q, want %q", path, name, got, want)
			}
		}
		if got := response.Header["Vary"]; response.StatusCode != http.StatusForbidden || len(got) != 2 {
			t.Errorf("with %s: %d, Vary is %q", path, response.StatusCode, got)
		}
	}
}

// A refused request may still come to a service, for the page of an error. It has no secret
// then, and no header that the plugin would have set, whichever way it was refused.
func TestWhatARefusedRequestLoses(t *testing.T) {
	secret := &config.Bypass{Header: &config.Secret{Name: "X-Pass", Value: "secret"}, Cookie: &config.Secret{Name: "pass", Value: "secret"}}
	for what, c := range map[string]struct {
		gates  []config.Gate
		header config.HeaderRule
	}{
		"all the same":               {[]config.Gate{{Path: []string{"/a"}}}, config.HeaderRule{Name: "X-Release", Path: []string{"/a"}, Default: "ours"}},
		"without a value":            {[]config.Gate{{Path: []string{"/a"}}}, config.HeaderRule{Name: "X-Release", Path: []string{"/a"}}},
		"by the request":             {[]config.Gate{{Path: []string{"/a/{host}"}}}, config.HeaderRule{Name: "X-Release", Path: []string{"/a/{host}"}}},
		"at the redirect's own page": {[]config.Gate{{Path: []string{"/a"}, Redirect: "/"}}, config.HeaderRule{Name: "X-Release", Path: []string{"/a"}}},
		"before the bypass":          {[]config.Gate{{Path: []string{"/a"}}, {Path: []string{"/b"}, Bypass: secret}}, config.HeaderRule{Name: "X-Release", Path: []string{"/a"}}},
	} {
		b := bound(t, &config.Config{Gates: c.gates, RequestHeaders: []config.HeaderRule{c.header}})
		handler := HandlerFor(NewBuilder(b, &input.Expiry{Now: time.Now()}), http.NotFoundHandler())
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, "/", nil)
			r.Header = http.Header{"X-Release": {"forged"}, "X_release": {"forged"}, "X-Other": {"kept"}, "X-Pass": {"wrong"}, "Cookie": {"pass=wrong; a=b"}}
			w := httptest.NewRecorder()
			handler(w, r)
			want := http.Header{"X-Other": {"kept"}, "X-Pass": {"wrong"}, "Cookie": {"pass=wrong; a=b"}}
			if len(c.gates) > 1 {
				want = http.Header{"X-Other": {"kept"}, "Cookie": {"a=b"}}
			}
			if w.Code < http.StatusMultipleChoices || !reflect.DeepEqual(r.Header, want) {
				t.Errorf("%s: %d, the request has %v, want %v", what, w.Code, r.Header, want)
			}
		}
	}
}
