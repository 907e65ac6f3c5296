package request

import (
	"net/http"
	"strings"
	"testing"
)

// The client's address is what Traefik says it is, in one spelling. Without that, it
// is the other end of the connection.
func TestClientIP(t *testing.T) {
	for _, c := range []struct {
		real []string
		want string
	}{
		{nil, "192.0.2.1"},
		{[]string{"192.0.2.7"}, "192.0.2.7"},
		{[]string{"192.0.2.7", "192.0.2.8"}, "192.0.2.7"},
		{[]string{"2001:DB8:0::7"}, "2001:db8::7"},
		{[]string{"::ffff:192.0.2.7"}, "192.0.2.7"},
		{[]string{""}, "192.0.2.1"},
		{[]string{"no address"}, "192.0.2.1"},
		{[]string{"192.0.2.7, 192.0.2.8"}, "192.0.2.1"},
		{[]string{strings.Repeat("1", 1<<20)}, "192.0.2.1"},
	} {
		r := &http.Request{RemoteAddr: "192.0.2.1:1234", Header: http.Header{"X-Real-Ip": c.real}}
		if got := ClientIP(r); got != c.want {
			t.Errorf("%.40q: %s, want %s", c.real, got, c.want)
		}
	}
	for remote, want := range map[string]string{"[2001:db8::1]:1234": "2001:db8::1", "@": "@", "": ""} {
		if got := ClientIP(&http.Request{RemoteAddr: remote}); got != want {
			t.Errorf("%q: %q, want %q", remote, got, want)
		}
	}
}

// A host has one spelling, however a client writes it.
func TestHostOf(t *testing.T) {
	for host, want := range map[string]string{
		"www.example.com": "www.example.com", "WWW.Example.com:8443": "www.example.com", "www.example.com.": "www.example.com", "www.example.com.:80": "www.example.com",
		"[2001:DB8::1]": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1", "192.0.2.1:80": "192.0.2.1", "": "",
	} {
		if got := hostOf(&http.Request{Host: host}); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
