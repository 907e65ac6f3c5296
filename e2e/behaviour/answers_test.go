package behaviour

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answers are a closed gate's lines, and what a request gets: the status, the
// body and some headers.
var answers = []struct {
	name, lines string
	status      int
	body        string
	headers     string
}{
	{"by default", "", 403, "Forbidden\n", "Content-Type: text/plain; charset=utf-8|X-Content-Type-Options: nosniff|Cache-Control: no-store|Vary: |Retry-After: "},
	{"a status", "status: 503", 503, "Service Unavailable\n", ""},
	{"a status of success", "status: 200", 200, "OK\n", ""},
	{"a status without words", "status: 599", 599, "", "Content-Length: 0"},
	{"a status without words, with a body", "status: 299\n    body: later", 299, "later", "Content-Length: 5"},
	{"a body", "body: '<p>ü</p>'\n    contentType: text/html; charset=utf-8", 403, "<p>ü</p>", "Content-Type: text/html; charset=utf-8|Content-Length: 9"},
	{"headers", "headers: {x-reason: closed, X-Content-Type-Options: none, Cache-Control: 'max-age=5', X-Empty: ''}", 403, "Forbidden\n", "X-Reason: closed|X-Content-Type-Options: none|Cache-Control: max-age=5"},
	{"retryAfter", "status: 503\n    retryAfter: 1m30s", 503, "Service Unavailable\n", "Retry-After: 90"},
	{"retryAfter in whole seconds", "retryAfter: 1999ms", 403, "Forbidden\n", "Retry-After: 1"},
	{"redirect", "redirect: https://status.example/?a=b#c", 302, "Found\n", "Location: https://status.example/?a=b#c|Cache-Control: no-store"},
	{"redirect that ends in a line break", `redirect: "/soon\n"`, 302, "Found\n", "Location: /soon"},
	{"a header that ends in a line break", `headers: {X-Why: "closed\n"}`, 403, "Forbidden\n", "X-Why: closed"},
	{"a media type that ends in a line break", "body: '<p>'\n    contentType: \"text/html\\n\"", 403, "<p>", "Content-Type: text/html"},
	{"a body that ends in line breaks", `body: "closed\n\n"`, 403, "closed\n\n", ""},
	{"redirect 303", "redirect: /soon\n    status: 303", 303, "See Other\n", "Location: /soon"},
	{"redirect 307", "redirect: /soon\n    status: 307\n    body: moved", 307, "moved", "Location: /soon"},
	{"redirect 308", "redirect: //other.example/\n    status: 308", 308, "Permanent Redirect\n", "Location: //other.example/"},
	{"204", "status: 204", 204, "", "Content-Type: |Content-Length: |Cache-Control: no-store"},
	{"205", "status: 205", 205, "", "Content-Type: |Content-Length: "},
	{"304", "status: 304\n    headers: {ETag: '\"a\"'}", 304, "", "Content-Type: |Content-Length: |Etag: \"a\""},
}

// preferences are values of Accept, the type of the gate's body, and whether the
// client gets JSON.
var preferences = []struct {
	accept, other string
	json          bool
}{
	{"", "text/html", false},
	{"*/*", "text/html", false},
	{"application/json", "text/html", true},
	{"Application/JSON", "text/html; charset=utf-8", true},
	{"application/*", "text/html", true},
	{"text/html", "text/html", false},
	{"application/xml", "text/html", false},
	{"application/json, text/html", "text/html", false},
	{"application/json, */*;q=0.9", "text/html", true},
	{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8", false},
	{"text/html;q=0.5, application/json;q=0.6", "text/html", true},
	{"text/html;q=0.6;x=y , application/json ; q=0.5", "text/html", false},
	{"text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", "text/html", true},
	{"*/*, text/html;q=0", "text/html", true},
	{"application/json;q=0", "text/html", false},
	{"application/json;q=0, */*;q=0.1", "text/html", false},
	{"application/json;q=nonsense", "text/html", true},
	{"text/html|application/json;q=0.5", "text/html", false},
	{"text/html;q=0.1|application/json;q=0.5", "text/html", true},
	{"application/jsonx, application/jso", "text/html", false},
	{",,;;q=1, ;", "text/html", false},
	{"application/json", "application/json", false},
}

var answered = []behaviour{
	{"answers of a closed gate", testAnswersOfAClosedGate},
	{"a body from a file", testBodyFromAFile},
	{"a body from a node", page},
	{"answers have a length", testAnswersHaveALength},
	{"JSON for those who prefer it", testJSONForThoseWhoPreferIt},
	{"gRPC", grpc},
}

func testAnswersOfAClosedGate(t *testing.T, s *suite) {
	for _, c := range answers {
		t.Run(c.name, func(t *testing.T) {
			inst := s.start(t, gateAt("/answers/closed", c.lines))
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead} {
				a, _ := inst.ask(request{method: method})
				body := c.body
				if method == http.MethodHead {
					body = ""
				}
				if a.status != c.status || a.body != body || a.service != nil {
					t.Errorf("%s: status %d, body %q", method, a.status, a.body)
				}
				checkHeaders(t, a.answer, c.headers)
			}
		})
	}
}

func testBodyFromAFile(t *testing.T, s *suite) {
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte("<h1>Zu</h1>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inst := s.start(t, gateAt("/answers/closed", "bodyFile: '"+file+"'", "contentType: text/html"))
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if a := inst.get(); a.body != "<h1>Zu</h1>\n" || a.answer.Get("Content-Type") != "text/html" {
		t.Errorf("%+v", a)
	}
}

func testAnswersHaveALength(t *testing.T, s *suite) {
	long := strings.Repeat("m", 5000)
	for lines, body := range map[string]string{
		"": "Forbidden\n", "status: 599": "", "body: \"line\\n\"": "line\n", "body: '" + long + "'": long, "body: \"" + long + "\\n\"": long + "\n",
	} {
		server := httptest.NewServer(s.start(t, gateAt("/answers/closed", lines)).handler)
		defer server.Close()
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead} {
			r, _ := http.NewRequest(method, server.URL, nil)
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if method != http.MethodHead && string(got) != body || response.ContentLength != int64(len(body)) || response.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%.20q, %s: %.20q, %v", lines, method, got, response.Header)
			}
		}
	}
}

func testJSONForThoseWhoPreferIt(t *testing.T, s *suite) {
	for _, c := range preferences {
		inst := s.start(t, gateAt("/answers/closed", "body: other", "jsonBody: '{}'", "contentType: "+c.other, "headers: {Vary: Origin}"))
		var accept []string
		for line := range strings.SplitSeq(c.accept, "|") {
			if line != "" {
				accept = append(accept, "Accept: "+line)
			}
		}
		a, _ := inst.ask(with(accept...))
		body, kind := "other", c.other
		if c.json {
			body, kind = "{}", "application/json"
		}
		if a.status != 403 || a.body != body || a.answer.Get("Content-Type") != kind || strings.Join(a.answer["Vary"], ",") != "Origin,Accept" {
			t.Errorf("%q: %q %v", c.accept, a.body, a.answer)
		}
		if a, _ := inst.ask(request{method: http.MethodHead, headers: accept}); a.body != "" || a.answer.Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("HEAD %q: %q %v", c.accept, a.body, a.answer)
		}
	}
}

// checkHeaders compares headers, of which the empty ones must be absent.
func checkHeaders(t *testing.T, got http.Header, want string) {
	t.Helper()
	for line := range strings.SplitSeq(want, "|") {
		name, value, found := strings.Cut(line, ": ")
		if found && strings.Join(got[name], " | ") != value || value == "" && got[name] != nil {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
}

// page: the body follows its node, and gives way to the other one.
func page(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/answers/closed", "body: ours", "bodyPath: [/page/none, /page/node]", "jsonBody: '{}'"))
	awaitBody := func(want string) {
		t.Helper()
		eventually(t, func() bool { return inst.get().body == want }, func() string { return fmt.Sprintf("the body is %.50q", inst.get().body) })
		if a := inst.get(); a.answer.Get("Content-Length") != fmt.Sprint(len(want)) || a.answer.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%v", a.answer)
		}
		if a := inst.get("Accept: application/json"); a.body != "{}" {
			t.Errorf("JSON is %.50q", a.body)
		}
	}
	awaitBody("ours")
	for _, body := range []string{"one\n", "\x00\xff\r\n", " ", strings.Repeat("m", 1<<19)} {
		s.admin.Put("/page/node", []byte(body))
		awaitBody(body)
	}
	s.admin.Put("/page/node", nil)
	awaitBody("ours")
	s.admin.Put("/page/node", []byte("two"))
	awaitBody("two")
	s.admin.Put("/page/none", []byte("first"))
	awaitBody("first")
	s.admin.Delete("/page")
	awaitBody("ours")
	words := s.start(t, gateAt("/answers/closed", "bodyPath: /page/words", "status: 410"))
	if got := words.get().body; got != "Gone\n" {
		t.Errorf("without a body of its own: %q", got)
	}
}

// gRPC has statuses of its own, in a response that is well.
func grpc(t *testing.T, s *suite) {
	codes := map[string]string{
		"": "7", "status: 401": "16", "status: 403": "7", "status: 404": "12", "status: 429": "14", "status: 502": "14", "status: 503": "14",
		"status: 504": "14", "status: 400": "13", "status: 418": "2", "status: 204": "2", "redirect: /soon": "2", "status: 599": "2",
	}
	for lines, code := range codes {
		inst := s.start(t, gateAt("/answers/closed", lines, "headers: {X-Reason: closed, Cache-Control: max-age=60}", "retryAfter: 5s"))
		for _, kind := range []string{"application/grpc", "application/grpc+proto", "application/grpc; charset=utf-8", "application/grpc-web+proto", "application/grpc-web-text"} {
			headers := []string{"Content-Type: " + kind, "Accept: application/json"}
			a, _ := inst.ask(request{method: http.MethodPost, version: 2, headers: headers})
			if a.status != http.StatusOK || a.body != "" || a.service != nil {
				t.Errorf("%s: %+v", lines, a)
			}
			answered := "application/grpc"
			if strings.Contains(kind, "web") {
				answered = kind
			}
			checkHeaders(t, a.answer, "Content-Type: "+answered+"|Grpc-Status: "+code+"|X-Reason: closed|Retry-After: 5|Cache-Control: no-store")
			if a, _ := inst.ask(request{version: 2, headers: headers}); a.status == http.StatusOK || a.answer["Grpc-Status"] != nil {
				t.Errorf("a GET request gets %d %v", a.status, a.answer)
			}
		}
		for _, kind := range []string{"application/json", "application/grpc", "application/grpc-webx"} {
			if a, _ := inst.ask(request{method: http.MethodPost, headers: []string{"Content-Type: " + kind}}); a.status == http.StatusOK || a.answer["Grpc-Status"] != nil {
				t.Errorf("a request that isn't gRPC's gets %d %v", a.status, a.answer)
			}
		}
	}
	inst := s.start(t, gateAt("/answers/closed", "status: 503"))
	if a, _ := inst.ask(request{method: http.MethodPost, version: 2, headers: []string{"Content-Type: application/grpc"}}); a.answer.Get("Grpc-Message") != "Service%20Unavailable" {
		t.Errorf("the message is %q", a.answer.Get("Grpc-Message"))
	}
}
