package zookeeper

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// gateFrom is a gate that has to be right.
func gateFrom(t *testing.T, g Gate) *refusal {
	t.Helper()
	f := &problemList{}
	compiled := checkGate("g", g, &clusterChoice{}, f)
	if len(f.list) > 0 {
		t.Fatalf("%+v: %v", g, f.err())
	}
	return compiled.refusal
}

// A gate that says nothing of its answer has one all the same.
func TestAnswersOfGates(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		gate              Gate
		status            int
		contentType, body string
		headers           map[string][]string
	}{
		{Gate{Path: path}, http.StatusForbidden, defaultContentType, "Forbidden\n", nil},
		{Gate{Path: path, Status: " 503 "}, http.StatusServiceUnavailable, defaultContentType, "Service Unavailable\n", nil},
		{Gate{Path: path, Status: "599"}, 599, defaultContentType, "", nil},
		{Gate{Path: path, Body: "<p>", ContentType: "text/html"}, http.StatusForbidden, "text/html", "<p>", nil},
		{Gate{Path: path, BodyFile: fileWith(t, "from a file\n")}, http.StatusForbidden, defaultContentType, "from a file\n", nil},
		{Gate{Path: path, RetryAfter: "5m"}, http.StatusForbidden, defaultContentType, "Forbidden\n", map[string][]string{"Retry-After": {"300"}}},
		{Gate{Path: path, Redirect: "/elsewhere"}, http.StatusFound, defaultContentType, "Found\n", map[string][]string{"Location": {"/elsewhere"}}},
		{Gate{Path: path, Headers: map[string]string{"x-a": " b "}}, http.StatusForbidden, defaultContentType, "Forbidden\n", map[string][]string{"X-A": {"b"}}},
	} {
		got := gateFrom(t, c.gate)
		if c.headers == nil {
			c.headers = map[string][]string{}
		}
		if got.status != c.status || got.body.contentType[0] != c.contentType || string(got.body.body) != c.body || !reflect.DeepEqual(got.headers, c.headers) || got.json != nil {
			t.Errorf("%+v: %+v, %q", c.gate, got, got.body.body)
		}
	}
	if got := gateFrom(t, Gate{Path: path, JSONBody: "{}"}).json; string(got.body) != "{}" || got.contentType[0] != jsonContentType {
		t.Errorf("in JSON: %+v", got)
	}
	if got := gateFrom(t, Gate{Path: path, Status: "204"}).body; got.contentType != nil || got.body != nil {
		t.Errorf("no content: %+v", got)
	}
}

// A mistake in a gate has its key, what stands there, and the remedy.
func TestMistakesInAGate(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		gate Gate
		want string
	}{
		{Gate{}, `g.path: "": the path of a node is wanted`},
		{Gate{Path: []string{"a"}}, `g.path: "a": a node's path has to start with a slash`},
		{Gate{Path: []string{" /a"}}, "white space"},
		{Gate{Path: []string{"/a/{nobody}"}}, "unknown placeholder"},
		{Gate{Path: path, BlockWhen: "maybe"}, `g.blockWhen: "maybe": on or off`},
		{Gate{Path: path, Default: "maybe"}, `g.default: "maybe": on or off`},
		{Gate{Path: path, Format: "yaml"}, `g.format: "yaml": flag, decider, json`},
		{Gate{Path: path, Format: formatJSON}, `g.key: "": format json needs the key`},
		{Gate{Path: path, MaxNodes: "0"}, `g.maxNodes: "0": how many nodes`},
		{Gate{Path: path, Status: "199"}, `g.status: "199": an HTTP status`},
		{Gate{Path: path, Status: "teapot"}, `g.status: "teapot": an HTTP status`},
		{Gate{Path: path, RetryAfter: "10ms"}, `g.retryAfter: "10ms": a duration of a second or more`},
		{Gate{Path: path, Redirect: "elsewhere"}, `g.redirect: "elsewhere": a URL`},
		{Gate{Path: path, Redirect: "/a\nb"}, "g.redirect: "},
		{Gate{Path: path, Redirect: "/elsewhere", Status: "503"}, `g.status: "503": a redirect goes with`},
		{Gate{Path: path, ContentType: "html"}, `g.contentType: "html": a media type`},
		{Gate{Path: path, Body: "a", BodyFile: fileWith(t, "b")}, "either body or bodyFile"},
		{Gate{Path: path, BodyFile: "/missing/file"}, `g.bodyFile: "/missing/file": it can't be read`},
		{Gate{Path: path, Status: "304", Body: "a"}, "an answer with status 304 can't have a body"},
		{Gate{Path: path, Headers: map[string]string{"Connection": "close"}}, `g.headers.Connection: "Connection": this header belongs to the connection`},
		{Gate{Path: path, Headers: map[string]string{"X-A": "a\nb"}}, `g.headers.X-A: "a\nb": it has a line break`},
		{Gate{Path: path, BodyPath: []string{"/page/{host}"}}, "a page is the same for all"},
		{Gate{Path: path, Bypass: &Bypass{IPs: []string{"host"}}}, "g.bypass.ips: "},
	} {
		f := &problemList{}
		checkGate("g", c.gate, &clusterChoice{}, f)
		if got := strings.Join(f.list, "; "); len(f.list) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.gate, got, c.want)
		}
	}
}
