package rules

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// A redirect leads back to requests for the page that it leads to, however that page is
// written, and to no others.
func TestRedirectsThatLeadBack(t *testing.T) {
	for _, c := range []struct {
		redirect, asked string
		headers         map[string]string
		leadsBack       bool
	}{
		{"/wait", "http://shop.test/wait", nil, true},
		{"/wait", "http://shop.test/wait?from=shop", nil, true},
		{"/wait?from=shop#top", "http://shop.test/wait", nil, true},
		{"/wait", "http://shop.test/wait/", nil, false},
		{"/wait", "http://shop.test/", nil, false},
		{"/", "http://shop.test/", nil, true},
		{"/a/../wait", "http://shop.test/wait", nil, true},
		{"/w%61it", "http://shop.test/wait", nil, true},
		{"https://shop.test/wait", "http://shop.test/wait", nil, true},
		{"https://SHOP.test:443/wait", "http://shop.test/wait", nil, true},
		{"https://shop.test:8443/wait", "http://shop.test:8443/wait", nil, true},
		{"https://shop.test:8443/wait", "http://shop.test/wait", nil, false},
		{"https://status.test/wait", "http://shop.test/wait", nil, false},
		{"//status.test/wait", "http://status.test/wait", nil, true},
		{"https://status.test", "http://status.test/", nil, true},
		{"https://status.test", "http://status.test/wait", nil, false},
		{"/app/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Prefix": "/app"}, true},
		{"/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Prefix": "/app"}, false},
		{"/wait", "http://shop.test/all", map[string]string{"X-Replaced-Path": "/wait"}, true},
		{"/all", "http://shop.test/all", map[string]string{"X-Replaced-Path": "/wait"}, false},
	} {
		r := httptest.NewRequest("GET", c.asked, nil)
		for name, value := range c.headers {
			r.Header.Set(name, value)
		}
		to := newRedirect("gates[0]", c.redirect)
		if got := LeadsBack(to, r); got != c.leadsBack {
			t.Errorf("%s leads back to %s %v: %t", c.redirect, c.asked, c.headers, got)
		}
	}
	text := LoopText(newRedirect("gates[1]", "/a/../wait?x"))
	for _, part := range []string{"gates[1].redirect", `"/a/../wait?x"`, "bypass.pathPrefixes: [/wait]"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is not in %q", part, text)
		}
	}
	if newRedirect("gates[0]", "http://[") != nil {
		t.Error("what is no URL leads somewhere")
	}
}
