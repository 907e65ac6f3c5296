package rules

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// gateFrom is a gate that has to be right.
func gateFrom(t *testing.T, g config.Gate) *Refusal {
	t.Helper()
	list := &problems.List{}
	compiled := checkGate("g", g, &clusterChoice{}, list)
	if len(list.Texts()) > 0 {
		t.Fatalf("%+v: %v", g, list.Err())
	}
	return compiled.Refusal
}

// A gate that says nothing of its answer has one all the same.
func TestAnswersOfGates(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		gate              config.Gate
		status            int
		contentType, body string
		headers           map[string][]string
	}{
		{config.Gate{Path: path}, http.StatusForbidden, DefaultContentType, "Forbidden\n", nil},
		{config.Gate{Path: path, Status: " 503 "}, http.StatusServiceUnavailable, DefaultContentType, "Service Unavailable\n", nil},
		{config.Gate{Path: path, Status: "599"}, 599, DefaultContentType, "", nil},
		{config.Gate{Path: path, Body: "<p>", ContentType: "text/html"}, http.StatusForbidden, "text/html", "<p>", nil},
		{config.Gate{Path: path, BodyFile: fileWith(t, "from a file\n")}, http.StatusForbidden, DefaultContentType, "from a file\n", nil},
		{config.Gate{Path: path, RetryAfter: "5m"}, http.StatusForbidden, DefaultContentType, "Forbidden\n", map[string][]string{"Retry-After": {"300"}}},
		{config.Gate{Path: path, Redirect: "/elsewhere"}, http.StatusFound, DefaultContentType, "Found\n", map[string][]string{"Location": {"/elsewhere"}}},
		{config.Gate{Path: path, Headers: map[string]string{"x-a": " b "}}, http.StatusForbidden, DefaultContentType, "Forbidden\n", map[string][]string{"X-A": {"b"}}},
	} {
		got := gateFrom(t, c.gate)
		if c.headers == nil {
			c.headers = map[string][]string{}
		}
		if got.Status != c.status || got.Body.ContentType[0] != c.contentType || string(got.Body.Body) != c.body || !reflect.DeepEqual(got.Headers, c.headers) || got.JSON != nil {
			t.Errorf("%+v: %+v, %q", c.gate, got, got.Body.Body)
		}
	}
	if got := gateFrom(t, config.Gate{Path: path, JSONBody: "{}"}).JSON; string(got.Body) != "{}" || got.ContentType[0] != request.JSONContentType {
		t.Errorf("in JSON: %+v", got)
	}
	if got := gateFrom(t, config.Gate{Path: path, Status: "204"}).Body; got.ContentType != nil || got.Body != nil {
		t.Errorf("no content: %+v", got)
	}
}

// A mistake in a gate has its key, what stands there, and the remedy.
func TestMistakesInAGate(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		gate config.Gate
		want string
	}{
		{config.Gate{}, `g.path: "": the path of a node is expected`},
		{config.Gate{Path: []string{"a"}}, `g.path: "a": a node's path has to start with a slash`},
		{config.Gate{Path: []string{" /a"}}, "white space"},
		{config.Gate{Path: []string{"/a/{nobody}"}}, "unknown placeholder"},
		{config.Gate{Path: path, BlockWhen: "maybe"}, `g.blockWhen: "maybe": on or off`},
		{config.Gate{Path: path, Default: "maybe"}, `g.default: "maybe": on or off`},
		{config.Gate{Path: path, Format: "yaml"}, `g.format: "yaml": flag, decider, json`},
		{config.Gate{Path: path, Format: value.FormatJSON}, `g.key: "": format json needs the key`},
		{config.Gate{Path: path, MaxNodes: "0"}, `g.maxNodes: "0": how many nodes`},
		{config.Gate{Path: path, Status: "199"}, `g.status: "199": an HTTP status`},
		{config.Gate{Path: path, Status: "teapot"}, `g.status: "teapot": an HTTP status`},
		{config.Gate{Path: path, RetryAfter: "10ms"}, `g.retryAfter: "10ms": a duration of a second or more`},
		{config.Gate{Path: path, Redirect: "elsewhere"}, `g.redirect: "elsewhere": a URL`},
		{config.Gate{Path: path, Redirect: "/a\nb"}, "g.redirect: "},
		{config.Gate{Path: path, Redirect: "https:///elsewhere"}, "g.redirect: "},
		{config.Gate{Path: path, Redirect: "/elsewhere", Status: "503"}, `g.status: "503": a redirect goes with`},
		{config.Gate{Path: path, JSONBody: `{"error": closed}`}, `g.jsonBody: "{\"error\": closed}": it is no JSON`},
		{config.Gate{Path: path, ContentType: "html"}, `g.contentType: "html": a media type`},
		{config.Gate{Path: path, Body: "a", BodyFile: fileWith(t, "b")}, "either body or bodyFile"},
		{config.Gate{Path: path, BodyFile: "/missing/file"}, `g.bodyFile: "/missing/file": it can't be read`},
		{config.Gate{Path: path, Status: "304", Body: "a"}, "an answer with status 304 can't have a body"},
		{config.Gate{Path: path, Headers: map[string]string{"Connection": "close"}}, `g.headers.Connection: "Connection": this header belongs to the connection`},
		{config.Gate{Path: path, Headers: map[string]string{"X-A": "a\nb"}}, `g.headers.X-A: "a\nb": it has a line break`},
		{config.Gate{Path: path, BodyPath: []string{"/page/{host}"}}, "a page is the same for all"},
		{config.Gate{Path: path, Bypass: &config.Bypass{IPs: []string{"host"}}}, "g.bypass.ips: "},
		{config.Gate{Path: path, Bypass: &config.Bypass{IPsPath: []string{"/allowed/{host}"}}}, "g.bypass.ipsPath: \"/allowed/{host}\": a list of addresses is the same for all"},
		{config.Gate{Path: path, Bypass: &config.Bypass{IPsPath: []string{"allowed"}}}, `g.bypass.ipsPath: "allowed": a node's path`},
	} {
		list := &problems.List{}
		checkGate("g", c.gate, &clusterChoice{}, list)
		if got := strings.Join(list.Texts(), "; "); len(list.Texts()) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.gate, got, c.want)
		}
	}
}
