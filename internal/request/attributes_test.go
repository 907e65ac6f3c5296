package request

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

func mustParse(t *testing.T, text string) *Template {
	t.Helper()
	parsed, err := ParseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// browsing is a request with something of everything that an attribute may be.
func browsing() *http.Request {
	return &http.Request{
		Method: http.MethodPost, Host: "www.example.com:443", RemoteAddr: "192.0.2.1:1234",
		URL:    &url.URL{Path: "/shop/cart", RawQuery: "page=2"},
		Header: http.Header{"X-Plan": {" gold "}, "X-Forged": {"by the client"}, "Cookie": {"uid=7; theme=\"dark\""}},
	}
}

// An attribute is what is configured by its name, or else what a request has of that
// name. What it doesn't have isn't in the context.
func TestContextOfARequest(t *testing.T) {
	configured := map[string]*Template{
		"plan": mustParse(t, "{header.X-Plan}"), "path": mustParse(t, "{path.1}"), TargetingKey: mustParse(t, "{cookie.uid|ip}"), "lost": mustParse(t, "{header.Missing}"),
	}
	names := []string{
		"plan", "path", TargetingKey, "lost", "unknown", "host", "method", "ip", "headers.x-plan", "headers.x-forged", "headers.missing",
		"cookies.theme", "query.page", "query.missing", "headers.", "cookies", "other.x",
	}
	reader := &Reader{Request: browsing(), Managed: map[string]string{"X-Forged": "by the plugin"}}
	got := ContextOf(AttributesFor(names, configured), reader)
	want := flag.Map{
		"plan": "gold", "path": "shop", TargetingKey: "7", "host": "www.example.com", "method": "POST", "ip": "192.0.2.1",
		"headers.x-plan": "gold", "headers.x-forged": "by the plugin", "cookies.theme": "dark", "query.page": "2",
	}
	if !reflect.DeepEqual(got, want) || reader.Unread != "" {
		t.Errorf("%v, unread: %q; want %v", got, reader.Unread, want)
	}
}

// A header that the plugin removes is no attribute, whatever the client sends.
func TestRemovedHeadersAreNoAttributes(t *testing.T) {
	reader := &Reader{Request: browsing(), Managed: map[string]string{"X-Plan": ""}}
	if got := ContextOf(AttributesFor([]string{"headers.x-plan"}, nil), reader); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if got := WholeContext(nil, reader)["headers"].(map[string]any)["x-plan"]; got != "" {
		t.Errorf("among all headers it is %v", got)
	}
}

// The whole context has everything that a request says, and what is configured.
func TestWholeContext(t *testing.T) {
	reader := &Reader{Request: browsing(), Managed: map[string]string{"X-Forged": "by the plugin", "X-Added": "new", "X-Gone": ""}}
	got := WholeContext(map[string]*Template{"plan": mustParse(t, "{header.X-Plan}"), "lost": mustParse(t, "{header.Missing}")}, reader)
	want := flag.Map{
		"host": "www.example.com", "path": "/shop/cart", "method": "POST", "ip": "192.0.2.1", "plan": "gold",
		"headers": map[string]any{"x-plan": "gold", "x-forged": "by the plugin", "x-added": "new", "cookie": "uid=7; theme=\"dark\""},
		"cookies": map[string]any{"uid": "7", "theme": "dark"},
		"query":   map[string]any{"page": "2"},
	}
	if !reflect.DeepEqual(got, want) || reader.Unread != "" {
		t.Errorf("%v, unread: %q; want %v", got, reader.Unread, want)
	}
}

// What is too long, or too many, can't be read. A targeting key is shorter than the
// other attributes.
func TestAttributesThatAreTooLong(t *testing.T) {
	long := strings.Repeat("x", maxKeyBytes+1)
	r := browsing()
	r.Header["X-Long"] = []string{long}
	configured := map[string]*Template{TargetingKey: mustParse(t, "{header.X-Long}"), "other": mustParse(t, "{header.X-Long}")}
	reader := &Reader{Request: r}
	if ContextOf(AttributesFor([]string{"other"}, configured), reader); reader.Unread != "" {
		t.Errorf("an attribute of 4 KB: %s", reader.Unread)
	}
	ContextOf(AttributesFor([]string{TargetingKey}, configured), reader)
	if want := "the attribute targetingKey is longer than 4096 bytes"; reader.Unread != want {
		t.Errorf("a targeting key: %q, want %q", reader.Unread, want)
	}
	reader = &Reader{Request: r}
	if WholeContext(configured, reader); reader.Unread != "the attribute targetingKey is longer than 4096 bytes" {
		t.Errorf("in the whole context: %q", reader.Unread)
	}
}
