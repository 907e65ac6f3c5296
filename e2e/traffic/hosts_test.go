package traffic

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	punycode = "xn--bcher-kva.example"
	unicode  = "bücher.example"
)

var hostRoutes = []route{
	{name: "idn", rule: "Host(`" + punycode + "`)", middlewares: []string{"tenant"}},
	{name: "idn-unicode", rule: "Host(`" + unicode + "`)", middlewares: []string{"tenant"}},
	{name: "any-host", middlewares: []string{"tenant"}},
}

// A browser sends an internationalized name in its ASCII form, in which rules and nodes have
// it too. However it is spelt, it is the same host to Traefik's rule and to the path.
func testHosts(t *testing.T, s *stage) {
	for _, c := range []struct {
		target, host string
		status       int
		plan         string
	}{
		{"/", punycode, 200, "gold"},
		{"/", strings.ToUpper(punycode), 200, "gold"},
		{"/", "Xn--Bcher-KVA.Example", 200, "gold"},
		{"/", punycode + ".", 200, "gold"},
		{"/", punycode + ":8080", 200, "gold"},
		{"/", punycode + ".:8080", 200, "gold"},
		{"http://" + punycode + "/", "other.example", 200, "gold"},
		{"/any-host", punycode, 200, "gold"},
		{"/any-host", "xn--other.example", 200, "none"},
		{"/any-host", "bucher.example", 200, "none"},
		{"/any-host", unicode, 400, ""},
		{"/", unicode, 400, ""},
		{"/", "b\xfccher.example", 400, ""},
		{"/any-host", "b%C3%BCcher.example", 200, "none"},
	} {
		id := fmt.Sprint("call-", ids.Add(1))
		response, _, _ := s.exchange(t, "GET "+c.target+" HTTP/1.1", "Host: "+c.host, "X-Id: "+id)
		plan := ""
		for _, header := range s.service.arrivals(id) {
			plan += header.Get("X-Plan")
		}
		if response.StatusCode != c.status || plan != c.plan {
			t.Errorf("%s for %q: %s, plan %q", c.target, c.host, response.Status, plan)
		}
	}
	s.checkHostsOverTLS(t)
}

// Other versions have the host in a pseudo-header. Go's client makes the ASCII form of it,
// as browsers do.
func (s *stage) checkHostsOverTLS(t *testing.T) {
	t.Helper()
	for _, version := range []string{http2, h3} {
		for _, host := range []string{punycode, strings.ToUpper(punycode), punycode + ".", punycode + ":8080", unicode} {
			r, id, err := s.request(call{version: version, path: "/"})
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			response, err := s.client(version).Do(r)
			if err != nil {
				t.Errorf("%s: %s: %v", version, host, err)
				continue
			}
			response.Body.Close()
			arrivals := s.service.arrivals(id)
			if response.StatusCode != http.StatusOK || len(arrivals) != 1 || arrivals[0].Get("X-Plan") != "gold" {
				t.Errorf("%s: %s: %s, %v", version, host, response.Status, arrivals)
			}
		}
	}
}

// Traefik refuses a rule whose host isn't in ASCII.
func testRuleInUnicode(t *testing.T, s *stage) {
	text, err := s.traefik.API("/api/http/routers/idn-unicode@file")
	if err != nil {
		t.Fatal(err)
	}
	var router struct {
		Status string
		Error  []string
	}
	if err := json.Unmarshal([]byte(text), &router); err != nil || router.Status != "disabled" || !strings.Contains(fmt.Sprint(router.Error), "ASCII") {
		t.Errorf("the router is %+v, %v", router, err)
	}
}
