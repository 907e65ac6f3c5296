package zookeeper

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

func mustParse(t *testing.T, text string) *template {
	t.Helper()
	parsed, err := parseTemplate(text)
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
	configured := map[string]*template{
		"plan": mustParse(t, "{header.X-Plan}"), "path": mustParse(t, "{path.1}"), targetingKey: mustParse(t, "{cookie.uid|ip}"), "lost": mustParse(t, "{header.Missing}"),
	}
	names := []string{
		"plan", "path", targetingKey, "lost", "unknown", "host", "method", "ip", "headers.x-plan", "headers.x-forged", "headers.missing",
		"cookies.theme", "query.page", "query.missing", "headers.", "cookies", "other.x",
	}
	v := &visitor{request: browsing(), managed: map[string]string{"X-Forged": "by the plugin"}}
	got := contextOf(attributesFor(names, configured), v)
	want := flag.Map{
		"plan": "gold", "path": "shop", targetingKey: "7", "host": "www.example.com", "method": "POST", "ip": "192.0.2.1",
		"headers.x-plan": "gold", "headers.x-forged": "by the plugin", "cookies.theme": "dark", "query.page": "2",
	}
	if !reflect.DeepEqual(got, want) || v.unread != "" {
		t.Errorf("%v, unread: %q; want %v", got, v.unread, want)
	}
}

// A header that the plugin removes is no attribute, whatever the client sends.
func TestRemovedHeadersAreNoAttributes(t *testing.T) {
	v := &visitor{request: browsing(), managed: map[string]string{"X-Plan": ""}}
	if got := contextOf(attributesFor([]string{"headers.x-plan"}, nil), v); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if got := wholeContext(nil, v)["headers"].(map[string]any)["x-plan"]; got != "" {
		t.Errorf("among all headers it is %v", got)
	}
}

// The whole context has everything that a request says, and what is configured.
func TestWholeContext(t *testing.T) {
	v := &visitor{request: browsing(), managed: map[string]string{"X-Forged": "by the plugin", "X-Added": "new", "X-Gone": ""}}
	got := wholeContext(map[string]*template{"plan": mustParse(t, "{header.X-Plan}"), "lost": mustParse(t, "{header.Missing}")}, v)
	want := flag.Map{
		"host": "www.example.com", "path": "/shop/cart", "method": "POST", "ip": "192.0.2.1", "plan": "gold",
		"headers": map[string]any{"x-plan": "gold", "x-forged": "by the plugin", "x-added": "new", "cookie": "uid=7; theme=\"dark\""},
		"cookies": map[string]any{"uid": "7", "theme": "dark"},
		"query":   map[string]any{"page": "2"},
	}
	if !reflect.DeepEqual(got, want) || v.unread != "" {
		t.Errorf("%v, unread: %q; want %v", got, v.unread, want)
	}
}

// What is too long, or too many, can't be read. A targeting key is shorter than the
// other attributes.
func TestAttributesThatAreTooLong(t *testing.T) {
	long := strings.Repeat("x", maxKeyBytes+1)
	r := browsing()
	r.Header["X-Long"] = []string{long}
	configured := map[string]*template{targetingKey: mustParse(t, "{header.X-Long}"), "other": mustParse(t, "{header.X-Long}")}
	v := &visitor{request: r}
	if contextOf(attributesFor([]string{"other"}, configured), v); v.unread != "" {
		t.Errorf("an attribute of 4 KB: %s", v.unread)
	}
	contextOf(attributesFor([]string{targetingKey}, configured), v)
	if want := "the attribute targetingKey is longer than 4096 bytes"; v.unread != want {
		t.Errorf("a targeting key: %q, want %q", v.unread, want)
	}
	v = &visitor{request: r}
	if wholeContext(configured, v); v.unread != "the attribute targetingKey is longer than 4096 bytes" {
		t.Errorf("in the whole context: %q", v.unread)
	}
}
