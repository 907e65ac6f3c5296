package traffic

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

var gateRoutes = []route{
	{name: "closed", middlewares: []string{"closed"}},
	{name: "closed-plain", middlewares: []string{"closed-plain"}},
	{name: "closed-rpc", service: "rpc", middlewares: []string{"closed"}},
	{name: "closed-behind-cors", middlewares: []string{"cors", "closed-plain"}},
}

// The answer of a closed gate has the headers of the response, in each version of HTTP.
func testClosed(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, c := range []struct{ path, user, want string }{
			{"/closed", "ann", "X-Set: ours, X-Append: ours, X-Absent: gate, X-Mine: hers"},
			{"/closed", "bob", "X-Set: ours, X-Append: ours, X-Absent: gate, X-Mine: common"},
			{"/closed-plain", "ann", "X-Set: ours"},
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				a := s.do(t, call{version: version, method: method, path: c.path, headers: []string{"X-User: " + c.user}})
				if a.status != http.StatusServiceUnavailable || headersOf(a.header) != c.want || a.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: %s %s for %s: %d with %v", version, method, c.path, c.user, a.status, a.header)
				}
				if len(s.service.arrivals(a.id)) > 0 {
					t.Errorf("%s: %s %s reached the service", version, method, c.path)
				}
			}
		}
	}
}

// gRPC is answered as its clients want it, and nobody else.
func testClosedToGRPC(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, c := range []struct {
			method, kind string
			isGRPC       bool
		}{
			{http.MethodPost, "application/grpc", version != http1},
			{http.MethodPost, "application/grpc+proto", version != http1},
			{http.MethodPost, "application/grpc-web+proto", true},
			{http.MethodPost, "application/grpc-web-text", true},
			{http.MethodPost, "application/json", false},
			{http.MethodGet, "application/grpc", false},
			{http.MethodGet, "application/grpc-web", false},
		} {
			request := call{version: version, method: c.method, path: "/closed-rpc", headers: []string{"Content-Type: " + c.kind, "Origin: https://shop.example"}}
			a := s.do(t, request)
			want := answer{status: http.StatusServiceUnavailable, body: "closed"}
			if c.isGRPC {
				want = answer{status: http.StatusOK, header: http.Header{"Grpc-Status": {"14"}, "Grpc-Message": {"Service%20Unavailable"}, "Access-Control-Expose-Headers": {"Grpc-Status, Grpc-Message"}}}
			}
			if a.status != want.status || a.body != want.body || a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Set") != "ours" {
				t.Errorf("%s: %+v: %d, %q, %v", version, c, a.status, a.body, a.header)
			}
			for _, name := range []string{"Grpc-Status", "Grpc-Message", "Access-Control-Expose-Headers"} {
				if !reflect.DeepEqual(a.header[name], want.header[name]) {
					t.Errorf("%s: %+v: %s is %q", version, c, name, a.header[name])
				}
			}
			if kind := a.header.Get("Content-Type"); c.isGRPC && strings.TrimSuffix(kind, "+proto") != strings.TrimSuffix(c.kind, "+proto") {
				t.Errorf("%s: %+v: %s", version, c, kind)
			}
		}
	}
}

var preflight = []string{"Origin: https://shop.example", "Access-Control-Request-Method: PUT"}

// A gate lets preflights through that is told to, and nothing that only looks like one.
func testPreflights(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, c := range []struct {
			path, method string
			headers      []string
			passes       bool
		}{
			{"/closed", http.MethodOptions, preflight, true},
			{"/closed", http.MethodOptions, preflight[:1], false},
			{"/closed", http.MethodOptions, preflight[1:], false},
			{"/closed", http.MethodPut, preflight, false},
			{"/closed-plain", http.MethodOptions, preflight, false},
		} {
			a := s.do(t, call{version: version, method: c.method, path: c.path, headers: c.headers})
			arrived := len(s.service.arrivals(a.id)) > 0
			if arrived != c.passes || (a.status == http.StatusOK) != c.passes || a.header.Get("X-Set") != "ours" {
				t.Errorf("%s: %+v: %d, %v, reached the service: %t", version, c, a.status, a.header, arrived)
			}
		}
	}
}

// Traefik's own middleware in front answers preflights by itself, and gives a closed gate's
// answer what browsers want.
func testClosedBehindCORS(t *testing.T, s *stage) {
	for _, version := range versions {
		asked := s.do(t, call{version: version, method: http.MethodOptions, path: "/closed-behind-cors", headers: preflight})
		if asked.status != http.StatusOK || asked.header.Get("Access-Control-Allow-Origin") != "https://shop.example" || asked.header.Get("Access-Control-Allow-Methods") != "GET,PUT" {
			t.Errorf("%s: the preflight gets %d, %v", version, asked.status, asked.header)
		}
		if len(s.service.arrivals(asked.id)) > 0 {
			t.Errorf("%s: the preflight reaches the service", version)
		}
		for origin, want := range map[string]string{"https://shop.example": "https://shop.example", "https://other.example": ""} {
			a := s.do(t, call{version: version, method: http.MethodPut, path: "/closed-behind-cors", headers: []string{"Origin: " + origin}})
			if a.status != http.StatusServiceUnavailable || a.header.Get("Access-Control-Allow-Origin") != want || a.header.Get("X-Set") != "ours" {
				t.Errorf("%s: %s gets %d, %v", version, origin, a.status, a.header)
			}
		}
	}
}
