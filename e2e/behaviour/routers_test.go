package behaviour

import (
	"os"
	"path/filepath"
	"testing"
)

// Traefik calls New for each router that has a middleware.
var routers = []behaviour{
	{"routers of one middleware go to their own services, and follow the same nodes", testRoutersOfOneMiddlewareHaveServicesOfTheirOwn},
	{"routers of one middleware whose cluster is away are held, and get the default", testRoutersWhoseClusterIsAwayGetTheDefault},
	{"a file is read for each router", testFileIsReadForEachRouter},
	{"a secret's file is read for each router", testSecretsFileIsReadForEachRouter},
}

func testRoutersOfOneMiddlewareHaveServicesOfTheirOwn(t *testing.T, s *suite) {
	s.admin.Put("/routers/value", []byte("first"))
	config := s.own(header("/routers/value"))
	all := []*instance{s.must(t, config), s.must(t, config), s.must(t, config)}
	for _, inst := range all {
		inst.awaitHeader(t, "X-Value", "first") // at its own service
	}
	all[0].cancel()
	s.admin.Put("/routers/value", []byte("second"))
	for _, inst := range append(all, s.must(t, config)) {
		inst.awaitHeader(t, "X-Value", "second")
	}
}

func testRoutersWhoseClusterIsAwayGetTheDefault(t *testing.T, s *suite) {
	config := s.own("clusters: {$CLUSTER: {servers: '127.0.0.1:1'}}\nstartupTimeout: 300ms\nrequestHeaders: [{name: X-Value, path: /routers/away, default: none}]\n")
	first, second := s.must(t, config), s.must(t, config)
	for _, inst := range []*instance{first, second, s.must(t, config)} {
		if got := inst.header("X-Value"); got != "none" {
			t.Errorf("the header is %q", got)
		}
	}
}

func testFileIsReadForEachRouter(t *testing.T, s *suite) {
	s.admin.Put("/routers/closed", []byte("off"))
	file := filepath.Join(t.TempDir(), "page")
	config := s.own(gateAt("/routers/closed", "bodyFile: '"+file+"'"))
	for _, page := range []string{"first", "second"} {
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		inst := s.must(t, config)
		inst.awaitStatus(t, 403)
		if got := inst.get().body; got != page {
			t.Errorf("the page is %q, %q in the file", got, page)
		}
	}
}

func testSecretsFileIsReadForEachRouter(t *testing.T, s *suite) {
	s.admin.Put("/routers/closed", []byte("off"))
	file := filepath.Join(t.TempDir(), "secret")
	config := s.own(gateAt("/routers/closed", "bypass: {header: {name: X-Secret, valueFile: '"+file+"'}}"))
	for _, secret := range []string{"first", "second"} {
		if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		inst := s.must(t, config)
		inst.awaitStatus(t, 403)
		if got := inst.get("X-Secret: " + secret).status; got != 200 {
			t.Errorf("with the secret in the file, the answer is %d", got)
		}
	}
}
