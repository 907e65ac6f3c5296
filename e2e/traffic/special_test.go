package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// specialRoutes are for what one of Traefik's middlewares does alone.
var specialRoutes = []route{
	{name: "page-in-front", middlewares: []string{"errors", "closed-to-all"}},
	{name: "few", middlewares: []string{"forwardAuth-few", "first-targeted"}},
	{name: "authenticated", middlewares: []string{"forwardAuth-user", "first-targeted"}},
	{name: "stripPrefix/front", middlewares: []string{"stripPrefix", "by-path"}},
	{name: "stripPrefix/behind", middlewares: []string{"by-path", "stripPrefix"}},
	{name: "breaks-front", middlewares: []string{"breaks-by-status", "closed-plain"}},
	{name: "breaks-behind", middlewares: []string{"closed-plain", "breaks-by-status"}},
	{name: "once-front", middlewares: []string{"once", "as-theirs"}},
	{name: "once-behind", middlewares: []string{"as-theirs", "once"}},
	{name: "no-decision", service: "flaky", middlewares: []string{"no-decision", "retry", "first-targeted"}},
}

// A server that forwardAuth asks in front of a gate gets the request as the client sent it,
// unless authRequestHeaders says what it gets.
func testForwardAuthInFront(t *testing.T, s *stage) {
	headers := append(slices.Clone(forged), "X-User: dora", "X-Pass: "+secret)
	a := s.do(t, call{path: chain{"targeted", "forwardAuth", front}.path(), headers: headers})
	if seen := s.auth.arrivals(a.id); len(seen) != 1 || seen[0].Get("X-Pass") != secret || seen[0].Get("X-Zookeeper-Decision") != "forged" {
		t.Errorf("it gets %v: say so in docs/http.md", seen)
	}
	a = s.do(t, call{path: "/few", headers: headers})
	if seen := s.auth.arrivals(a.id); a.status != http.StatusOK || len(seen) != 1 || seen[0].Get("X-Pass") != "" || seen[0].Get("X-Zookeeper-Decision") != "" {
		t.Errorf("%d, it gets %v", a.status, seen)
	}
}

// The service of error pages in front of a closed gate gets no secret and no forged header.
func testErrorsInFront(t *testing.T, s *stage) {
	a := s.do(t, call{path: "/page-in-front", headers: []string{"X-Release: forged", "X-Pass: " + secret}})
	if seen := s.pages.arrivals(a.id); a.status != http.StatusServiceUnavailable || len(seen) != 1 || seen[0]["X-Release"] != nil || seen[0]["X-Pass"] != nil {
		t.Errorf("%d, it gets %v", a.status, seen)
	}
}

// Flags go by what that server says of the user, not by what the client claims.
func testUserOfForwardAuth(t *testing.T, s *stage) {
	a := s.do(t, call{path: "/authenticated", headers: []string{"X-User: dora"}})
	if seen := s.service.arrivals(a.id); a.status != http.StatusOK || len(seen) != 1 || seen[0].Get("X-Zookeeper-Decision") != passedFirst {
		t.Errorf("%d, %v", a.status, seen)
	}
}

// The path is the one that is left where the plugin stands.
func testStrippedPath(t *testing.T, s *stage) {
	for path, want := range map[string]string{"/stripPrefix/front": "front", "/stripPrefix/behind": "stripPrefix"} {
		a := s.do(t, call{path: path})
		if seen := s.service.arrivals(a.id); len(seen) != 1 || seen[0].Get("X-Plan") != "of "+want {
			t.Errorf("%s: %d, %v", path, a.status, seen)
		}
	}
}

// Requests are tried again without anything of the first try in them.
func testRetries(t *testing.T, s *stage) {
	retried := map[string]int{}
	for _, place := range []string{front, between, behind} {
		c := chain{"targeted", "retry", place}
		for range 6 {
			a := s.do(t, call{path: c.path(), headers: []string{"X-User: ann"}})
			arrivals := s.service.arrivals(a.id)
			if a.status != http.StatusOK || len(arrivals) != 1 || arrivals[0].Get("X-Zookeeper-Decision") != passedFirst+", "+passedSecond {
				t.Errorf("%s: %d, %v", c.name(), a.status, arrivals)
			}
			if got := headersOf(a.header); got != "X-Set: first, X-Append: second+first, X-Absent: second" {
				t.Errorf("%s: %s", c.name(), got)
			}
		}
		for _, line := range s.traefik.Entries() {
			if strings.HasPrefix(line.Message, "New attempt ") && strings.Contains(line.Message, c.path()) {
				retried[place]++
			}
		}
	}
	if retried[front] == 0 || retried[between] == 0 || retried[behind] == 0 {
		t.Errorf("tried again: %v", retried)
	}
}

// Where the access log has the header of before retry, Traefik's own headers in front keep
// a client's claims out of it.
func testNoForgedDecisionInTheAccessLog(t *testing.T, s *stage) {
	a := s.do(t, call{path: "/no-decision", headers: []string{forged[0], "X-User: ann"}})
	if got := s.logged(t, a.id).decision(); a.status != http.StatusOK || got != "-" {
		t.Errorf("%d, the access log has %s", a.status, got)
	}
}

// A circuit breaker that goes by statuses counts closed gates behind it, and not those in
// front.
func testCircuitBreaker(t *testing.T, s *stage) {
	err := s.traefik.Await(func() error {
		a, err := s.try(call{path: "/breaks-front"})
		if err == nil && (a.status != http.StatusTeapot || headersOf(a.header) != "") {
			err = fmt.Errorf("%d, %v", a.status, a.header)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for range 50 {
		if a := s.do(t, call{path: "/breaks-behind"}); a.status != http.StatusServiceUnavailable || a.header.Get("X-Set") != "ours" {
			t.Fatalf("%d, %v", a.status, a.header)
		}
	}
}

// What a middleware in front answers by itself has no headers of ours, and what one behind
// answers has them: as with Traefik's own.
func testRateLimit(t *testing.T, s *stage) {
	for path, want := range map[string]string{"/once-front": "", "/once-behind": "ours"} {
		s.do(t, call{path: path})
		if a := s.do(t, call{path: path}); a.status != http.StatusTooManyRequests || a.header.Get("X-Set") != want {
			t.Errorf("%s: %d, %v", path, a.status, a.header)
		}
	}
}
