package traffic

import (
	"net/http"
	"strings"
	"testing"
)

// webRoutes have Traefik's middleware that makes gRPC of gRPC-Web.
var webRoutes = []route{
	{name: "web/model", service: "rpc", middlewares: []string{"model", "grpcWeb"}},
	{name: "web/front", service: "rpc", middlewares: []string{"grpcWeb", "modes-late"}},
	{name: "web/behind", service: "rpc", middlewares: []string{"modes-late", "grpcWeb"}},
	{name: "web/between", service: "rpc", middlewares: []string{"modes", "grpcWeb", "modes-late"}},
	{name: "web/closed/front", service: "rpc", middlewares: []string{"grpcWeb", "closed"}},
	{name: "web/closed/behind", service: "rpc", middlewares: []string{"closed", "grpcWeb"}},
}

const message = "\x00\x00\x00\x00\x05hello"

func webCall(version, path string) call {
	return call{version: version, method: http.MethodPost, path: path, way: "calls", body: message, headers: []string{
		"X-User: ann", "Content-Type: application/grpc-web+proto", "Origin: https://shop.example", "X-Grpc-Web: 1",
	}}
}

// A call of gRPC-Web gets the service's message, and a frame with its trailers behind it.
func testGRPCWeb(t *testing.T, s *stage) {
	for _, version := range versions {
		want := s.do(t, webCall(version, "/web/model"))
		if !strings.HasPrefix(want.body, message+"\x80") || !strings.Contains(want.body, "grpc-status: 0") {
			t.Fatalf("%s: without the plugin %d, %q, %v", version, want.status, want.body, want.header)
		}
		for _, place := range []string{front, between, behind} {
			a := s.do(t, webCall(version, "/web/"+place))
			if a.status != want.status || a.body != want.body || a.header.Get("Content-Type") != want.header.Get("Content-Type") {
				t.Errorf("%s: %s: %d, %q, %v, want %q, %v", version, place, a.status, a.body, a.header, want.body, want.header)
			}
			if got := a.header["X-Set"]; len(got) != 1 || got[0] != "ours" || a.header.Get("X-Mine") != "hers" {
				t.Errorf("%s: %s: %v", version, place, a.header)
			}
		}
	}
}

// A closed gate is a status of gRPC-Web's in each place.
func testClosedToGRPCWeb(t *testing.T, s *stage) {
	for _, version := range versions {
		for _, place := range []string{front, behind} {
			a := s.do(t, webCall(version, "/web/closed/"+place))
			if a.status != http.StatusOK || a.header.Get("Grpc-Status") != "14" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/grpc-web") ||
				!strings.Contains(strings.ToLower(a.header.Get("Access-Control-Expose-Headers")), "grpc-status") || len(s.service.arrivals(a.id)) > 0 {
				t.Errorf("%s: %s: %d, %q, %v", version, place, a.status, a.body, a.header)
			}
		}
	}
}
