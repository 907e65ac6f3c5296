package traffic

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// among are Traefik's middlewares that are tried in front of a pair of ours, behind it, and
// between the two.
var among = []string{"compress", "retry", "buffering", "circuitBreaker", "errors", "stripPrefix", "forwardAuth", "rateLimit", "headers"}

const (
	front   = "front"
	between = "between"
	behind  = "behind"
)

// chain is a pair of middlewares with one of Traefik's.
type chain struct {
	pair  string // targeted, plain, or model, which are Traefik's own headers
	among string // empty for none
	place string
}

func (c chain) name() string {
	if c.among == "" {
		return c.pair
	}
	return strings.Join([]string{c.among, c.place, c.pair}, "-")
}

func (c chain) path() string { return "/" + c.name() + "/" }

// middlewares are the chain's, in their order.
func (c chain) middlewares() []string {
	first, second := "first-"+c.pair, "second-"+c.pair
	if c.pair == "model" {
		first, second = "model-first", "model-second"
	}
	switch {
	case c.among == "":
		return []string{first, second}
	case c.place == front:
		return []string{c.among, first, second}
	case c.place == between:
		return []string{first, c.among, second}
	}
	return []string{first, second, c.among}
}

// precedes tells whether Traefik's middleware stands in front of the one of the pair, 1 or 2.
func (c chain) precedes(n int) bool { return c.place == front || c.place == between && n == 2 }

func (c chain) with(pair string) chain { c.pair = pair; return c }

// eachChain are all chains with a pair.
func eachChain(pair string) []chain {
	var all []chain
	for _, middleware := range among {
		for _, place := range []string{front, between, behind} {
			all = append(all, chain{pair, middleware, place})
		}
	}
	return all
}

// chainRoutes are a router for each chain, and one for each pair alone. Behind retry is a
// service whose first server is dead.
func chainRoutes() []route {
	all := slices.Clone(specialRoutes)
	for _, pair := range []string{"targeted", "plain", "model"} {
		for _, c := range append(eachChain(pair), chain{pair: pair}) {
			r := route{name: c.name(), rule: "PathPrefix(`/" + c.name() + "/`)", middlewares: c.middlewares()}
			if c.among == "retry" {
				r.service = "flaky"
			}
			all = append(all, r)
		}
	}
	return all
}

// Decisions of the pairs, for those who pass.
const (
	passedFirst    = `pass; flag="/flags/first"; variant="on"; reason=TARGETING_MATCH; age=0`
	passedSecond   = `pass; flag="/flags/second"; variant="on"; reason=TARGETING_MATCH; age=0`
	blockedFirst   = `block; flag="/flags/first"; variant="off"; reason=DEFAULT; age=0`
	blockedSecond  = `block; flag="/flags/second"; variant="off"; reason=DEFAULT; age=0`
	bypassedFirst  = `bypass; flag="/flags/first"; variant="off"; reason=DEFAULT; age=0`
	bypassedSecond = `bypass; flag="/flags/second"; variant="off"; reason=DEFAULT; age=0`
	passedOn       = `pass; flag="/flags/on"; variant="true"; reason=STATIC; age=0`
	blockedOff     = `block; flag="/flags/off"; variant="false"; reason=STATIC; age=0`
	bypassedOff    = `bypass; flag="/flags/off"; variant="false"; reason=STATIC; age=0`
)

// forged are decisions that a client claims.
var forged = []string{"X-Zookeeper-Decision: forged", "X_Zookeeper_Decision: forged"}

// copies are middlewares that give those behind a copy of the request's header. Traefik's
// access log has the header of before, with what a client has put there.
var copies = map[string]bool{"retry": true, "buffering": true}

// inAccessLog is what the access log has of the decisions of both.
func (c chain) inAccessLog(first, second string) string {
	switch {
	case copies[c.among] && c.place == front:
		return "forged"
	case copies[c.among] && c.place == between || second == "":
		return first
	}
	return first + ", " + second
}

// The service and the access log get the decisions of both in their order, and nobody gets
// what the client claims.
func testDecisions(t *testing.T, s *stage) {
	for _, c := range append(eachChain("targeted"), chain{pair: "targeted"}) {
		for user, want := range map[string][2]string{"ann": {passedFirst, passedSecond}, "bob": {blockedFirst}, "carol": {passedFirst, blockedSecond}} {
			a := s.do(t, call{path: c.path(), headers: append(slices.Clone(forged), "X-User: "+user)})
			arrivals := s.service.arrivals(a.id)
			if user == "ann" && (a.status != http.StatusOK || len(arrivals) != 1) || user != "ann" && len(arrivals) > 0 {
				t.Errorf("%s: %s gets %d, and reaches the service %d times", c.name(), user, a.status, len(arrivals))
			}
			for _, header := range arrivals {
				if got := strings.Join(header["X-Zookeeper-Decision"], " | "); got != want[0]+", "+want[1] || header["X_zookeeper_decision"] != nil {
					t.Errorf("%s: for %s the service sees %s, %v", c.name(), user, got, header)
				}
			}
			if got := s.logged(t, a.id).decision(); got != c.inAccessLog(want[0], want[1]) {
				t.Errorf("%s: for %s the access log has\n%s, want\n%s", c.name(), user, got, c.inAccessLog(want[0], want[1]))
			}
		}
	}
}

// A secret passes the gates of both, and reaches nobody behind the first of them.
func testSecret(t *testing.T, s *stage) {
	for _, pair := range []string{"targeted", "plain"} {
		want := map[string]string{"targeted": bypassedFirst + ", " + bypassedSecond, "plain": passedOn + ", " + bypassedOff}[pair]
		for _, c := range append(eachChain(pair), chain{pair: pair}) {
			for _, line := range []string{"X-Pass: " + secret, "Cookie: a=b; pass=" + secret}[:map[string]int{"targeted": 2, "plain": 1}[pair]] {
				a := s.do(t, call{path: c.path(), headers: []string{"X-User: dora", line}})
				arrivals := s.service.arrivals(a.id)
				if a.status != http.StatusOK || len(arrivals) != 1 || arrivals[0].Get("X-Zookeeper-Decision") != want {
					t.Errorf("%s: %.6s gets %d; %v", c.name(), line, a.status, arrivals)
				}
				checkNoSecret(t, c, arrivals)
				if c.place != front {
					checkNoSecret(t, c, s.auth.arrivals(a.id))
				}
			}
		}
	}
}

func checkNoSecret(t *testing.T, c chain, arrivals []http.Header) {
	t.Helper()
	for _, header := range arrivals {
		for name, values := range header {
			if strings.Contains(strings.Join(values, " "), secret) {
				t.Errorf("%s: the secret arrives in %s: %q", c.name(), name, values)
			}
		}
	}
}

// The wrong secret passes no gate, nor does the right one in another place.
func testWrongSecret(t *testing.T, s *stage) {
	for _, pair := range []string{"targeted", "plain"} {
		for _, c := range append(eachChain(pair), chain{pair: pair}) {
			for _, line := range []string{"X-Pass: wrong", "X-Other: " + secret, "Cookie: pass=wrong"} {
				a := s.do(t, call{path: c.path(), headers: []string{"X-User: dora", line}})
				if a.status != http.StatusServiceUnavailable || len(s.service.arrivals(a.id)) > 0 {
					t.Errorf("%s: %s gets %d", c.name(), line, a.status)
				}
			}
		}
	}
}
