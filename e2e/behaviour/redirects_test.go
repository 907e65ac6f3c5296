package behaviour

import (
	"net/http"
	"strings"
	"testing"
)

var redirected = []behaviour{
	{"a redirect to a page that the same gate guards", testRedirectToAPageThatTheGateGuards},
}

func testRedirectToAPageThatTheGateGuards(t *testing.T, s *suite) {
	for _, more := range []string{"", "decisionHeader: X-Decision\n", "requestHeaders: [{name: X-A, path: '/redirected/{host}'}]\n"} {
		for redirect, pages := range map[string]map[string]int{
			"/wait":                     {"/wait": 503, "/wait?from=shop": 302, "/": 302, "/waiting": 302},
			"http://example.test/wait":  {"/wait": 503, "/": 302},
			"https://example.test/wait": {"/wait": 302, "/": 302},
			"http://other.test/wait":    {"/wait": 302, "/": 302},
		} {
			inst := s.named(t, "looping@file", s.own("clusters: {$CLUSTER: {servers: '127.0.0.1:1'}}\nstartupTimeout: 1ms\n"+more+"gates:\n  - {path: /redirected/flag, redirect: '"+redirect+"', body: '<p>wait'}\n"))
			for page, want := range pages {
				for range 2 {
					got := inst.send(http.MethodGet, "", page)
					if location := got.answer.Get("Location"); got.status != want || (location == redirect) != (want == 302) || (got.body == "<p>wait") != (want == 302) {
						t.Errorf("%q, redirect %s: %s gets %d, Location %q, %q", more, redirect, page, got.status, location, got.body)
					}
				}
			}
			inst.cancel()
		}
		bypassed := s.must(t, s.own("clusters: {$CLUSTER: {servers: '127.0.0.1:1'}}\nstartupTimeout: 1ms\n"+more+"gates:\n  - {path: /redirected/flag, redirect: /wait, bypass: {pathPrefixes: [/wait]}}\n"))
		if got := bypassed.send(http.MethodGet, "", "/wait"); got.status != http.StatusOK {
			t.Errorf("%q: the page that gets by is answered with %d", more, got.status)
		}
	}
	for _, want := range []string{`looping@file: gates[0].redirect: "/wait"`, `looping@file: gates[0].redirect: "http://example.test/wait"`} {
		if n := s.lines(want, "bypass.pathPrefixes: [/wait]"); n != 3 {
			t.Errorf("%d lines with %s, want one for each of three configurations\n%s", n, want, s.plugin.Output())
		}
	}
	if strings.Contains(s.plugin.Output(), "other.test/wait\": this gate") || strings.Contains(s.plugin.Output(), "https://example.test/wait\": this gate") {
		t.Error("the log has a redirect that leads elsewhere")
	}
}
