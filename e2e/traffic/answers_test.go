package traffic

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"
)

// What comes back through a chain is what comes back where Traefik's own headers stand in
// the places of ours: to the last header, and whatever the service answers.
func testAnswersOfChains(t *testing.T, s *stage) {
	for _, c := range eachChain("targeted") {
		for _, way := range plainWays {
			for _, pair := range []string{"targeted", "plain"} {
				request := call{way: way, headers: []string{"X-User: ann", "X-Own: yes", "Te: trailers"}}
				if pair == "plain" {
					request.headers = append(request.headers, "X-Pass: "+secret)
				}
				request.path = c.with("model").path()
				want := s.do(t, request)
				request.path = c.with(pair).path()
				got := s.do(t, request)
				if difference := got.differs(want, "X-Append", "X-Absent"); difference != "" {
					t.Errorf("%s with %q: %s", c.with(pair).name(), way, difference)
				}
			}
		}
	}
}

// Headers of the response are those of both; of two that set one, the outer one counts.
func testHeadersOfChains(t *testing.T, s *stage) {
	for _, pair := range []string{"targeted", "plain"} {
		for _, c := range append(eachChain(pair), chain{pair: pair}) {
			for own, want := range map[string]string{
				"":  "X-Set: first, X-Append: second+first, X-Absent: second",
				"y": "X-Set: first, X-Append: its+own+second+first, X-Absent: its+own, X-Without: its+own, X-Left: its+own, X-Mine: its+own, X-Mine-Too: its+own",
			} {
				request := call{path: c.path(), headers: []string{"X-User: ann", "X-Pass: " + secret}}
				if own != "" {
					request.headers = append(request.headers, "X-Own: y")
				}
				a := s.do(t, request)
				if got := headersOf(a.header); a.status != http.StatusOK || a.body != "served" || got != want {
					t.Errorf("%s: %d, %q, %s, want %s", c.name(), a.status, a.body, got, want)
				}
			}
		}
	}
}

// A closed gate answers as without Traefik's middleware, apart from what that one is for.
func testClosedInChains(t *testing.T, s *stage) {
	for _, c := range eachChain("targeted") {
		for gate, user := range map[int]string{1: "bob", 2: "carol"} {
			request := call{path: chain{pair: "targeted"}.path(), headers: []string{"X-User: " + user}}
			want := s.do(t, request)
			request.path = c.path()
			got := s.do(t, request)
			if c.among == "errors" && c.precedes(gate) && gate == 1 {
				checkPage(t, c, got, "")
				continue
			}
			if difference := got.differs(want, c.adds(gate)...); difference != "" {
				t.Errorf("%s, gate %d: %s", c.name(), gate, difference)
			}
			if asked := len(s.auth.arrivals(got.id)); c.among == "forwardAuth" && (asked > 0) != c.precedes(gate) {
				t.Errorf("%s, gate %d: the authentication is asked %d times", c.name(), gate, asked)
			}
		}
	}
}

// adds are headers that Traefik's middleware adds to the answer of one of the pair's gates.
func (c chain) adds(gate int) []string {
	if !c.precedes(gate) {
		return nil
	}
	return map[string][]string{"compress": {"Vary"}, "headers": {"X-Traefik"}}[c.among]
}

// checkPage looks for an error page, with these headers of the response.
func checkPage(t *testing.T, c chain, a answer, headers string) {
	t.Helper()
	if a.header.Get("X-Page") != "yes" || headersOf(a.header) != headers {
		t.Errorf("%s: %d, %q, %v", c.name(), a.status, a.body, a.header)
	}
}

// An error page takes the place of an answer. It has the headers of those in front of it,
// and none of those behind.
func testErrorPages(t *testing.T, s *stage) {
	for place, want := range map[string]string{
		front:   "",
		between: "X-Set: first, X-Append: first",
		behind:  "X-Set: first, X-Append: second+first, X-Absent: second",
	} {
		c := chain{"targeted", "errors", place}
		a := s.do(t, call{path: c.path(), way: "error", headers: []string{"X-User: ann"}})
		if a.status != http.StatusInternalServerError || a.body != "sorry: /500" {
			t.Errorf("%s: %d, %q", c.name(), a.status, a.body)
		}
		checkPage(t, c, a, want)
		if place == behind {
			continue // closed gates are in front of it
		}
		closed := s.do(t, call{path: c.with("plain").path(), headers: []string{"X-User: ann"}})
		if closed.status != http.StatusServiceUnavailable || closed.body != "sorry: /503" {
			t.Errorf("%s, closed: %d, %q", c.name(), closed.status, closed.body)
		}
		checkPage(t, c, closed, want)
	}
}

// A closed gate's answer is compressed where it comes past compress.
func testCompression(t *testing.T, s *stage) {
	for _, place := range []string{front, between, behind} {
		for gate, user := range map[int]string{1: "bob", 2: "carol"} {
			c := chain{"targeted", "compress", place}
			a := s.do(t, call{path: c.path(), headers: []string{"X-User: " + user, "Accept-Encoding: gzip"}})
			if (a.header.Get("Content-Encoding") == "gzip") != c.precedes(gate) || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, gate %d: %v", c.name(), gate, a.header)
			}
			if body := unzipped(t, a); body != nodes["/pages/closed"] {
				t.Errorf("%s, gate %d: %.40q", c.name(), gate, body)
			}
		}
		c := chain{"targeted", "compress", place}
		a := s.do(t, call{path: c.path(), way: "long", headers: []string{"X-User: ann", "Accept-Encoding: gzip"}})
		if a.header.Get("Content-Encoding") != "gzip" || unzipped(t, a) != long || a.header.Get("X-Set") != "first" {
			t.Errorf("%s: %v", c.name(), a.header)
		}
	}
}

func unzipped(t *testing.T, a answer) string {
	t.Helper()
	if a.header.Get("Content-Encoding") == "" {
		return a.body
	}
	reader, err := gzip.NewReader(bytes.NewReader([]byte(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Events get through each chain as they come, apart from buffering, which waits for the end
// of an answer by itself.
func testEventsInChains(t *testing.T, s *stage) {
	for _, c := range eachChain("targeted") {
		if c.among == "buffering" {
			continue
		}
		for _, headers := range [][]string{{"X-User: ann"}, {"X-User: ann", "Accept-Encoding: gzip"}} {
			s.checkEvents(t, call{path: c.path(), headers: headers}, "X-Set: first, X-Append: second+first, X-Absent: second")
		}
	}
}

// Upgrades get through each chain.
func testUpgradesInChains(t *testing.T, s *stage) {
	for _, c := range eachChain("targeted") {
		response := s.checkUpgrade(t, c.path())
		if got := headersOf(response.Header); got != "" {
			t.Errorf("%s: the 101 has %s", c.name(), got)
		}
	}
}
