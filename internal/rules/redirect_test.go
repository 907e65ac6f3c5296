package rules

import (
	"net/http"
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
		{"/wait", "http://shop.test/wait?from=shop", nil, false},
		{"/wait?from=shop#top", "http://shop.test/wait", nil, false},
		{"/wait?from=shop#top", "http://shop.test/wait?from=shop", nil, true},
		{"/wait", "http://shop.test/wait/", nil, false},
		{"/wait", "http://shop.test/", nil, false},
		{"/", "http://shop.test/", nil, true},
		{"/a/../wait", "http://shop.test/wait", nil, true},
		{"/w%61it", "http://shop.test/wait", nil, true},
		{"http://shop.test/wait", "http://shop.test/wait", nil, true},
		{"https://shop.test/wait", "http://shop.test/wait", nil, false},
		{"https://shop.test/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Proto": "https"}, true},
		{"https://SHOP.test:443/wait", "https://shop.test/wait", nil, true},
		{"https://shop.test:8443/wait", "https://shop.test:8443/wait", nil, true},
		{"https://shop.test:8443/wait", "https://shop.test/wait", nil, false},
		{"https://status.test/wait", "http://shop.test/wait", nil, false},
		{"//status.test/wait", "http://status.test/wait", nil, true},
		{"http://status.test", "http://status.test/", nil, true},
		{"http://status.test", "http://status.test/wait", nil, false},
		{"/app/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Prefix": "/app"}, true},
		{"/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Prefix": "/app"}, false},
		{"/app/wait", "http://shop.test/wait", map[string]string{"X-Forwarded-Prefix": "/app/"}, true},
		{"/wait", "http://shop.test/all", map[string]string{"X-Replaced-Path": "/wait"}, false},
	} {
		r := httptest.NewRequest("GET", c.asked, nil)
		for name, value := range c.headers {
			r.Header.Set(name, value)
		}
		to := newRedirect("gates[0]", c.redirect, http.StatusFound)
		if got := LeadsBack(to, r); got != c.leadsBack {
			t.Errorf("%s leads back to %s %v: %t", c.redirect, c.asked, c.headers, got)
		}
		r.Method = http.MethodPost
		if LeadsBack(to, r) || LeadsBack(newRedirect("gates[0]", c.redirect, http.StatusTemporaryRedirect), r) != c.leadsBack {
			t.Errorf("%s, after %s with POST", c.redirect, c.asked)
		}
	}
	for asked, advice := range map[string]bool{"/wait": true, "/": false, "/a%2Fb": false} {
		text := LoopText(newRedirect("gates[1]", "/a/../wait?x", http.StatusFound), httptest.NewRequest("GET", asked, nil))
		if !strings.Contains(text, "gates[1].redirect") || !strings.Contains(text, `"/a/../wait?x"`) || strings.Contains(text, "bypass.pathPrefixes: [/wait]") != advice {
			t.Errorf("at %s: %s", asked, text)
		}
	}
	if newRedirect("gates[0]", "http://[", http.StatusFound) != nil {
		t.Error("what is no URL leads somewhere")
	}
}
