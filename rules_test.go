package zookeeper

import (
	"strings"
	"testing"
	"time"
)

// A rule reads from the cluster that it names, or else from the middleware's, or else
// from the only one.
func TestChoiceOfACluster(t *testing.T) {
	for _, c := range []struct {
		defined        []string
		fallback, name string
		want, mistake  string
	}{
		{nil, "", "", onlyCluster, ""},
		{nil, "", "other", "other", ""},
		{nil, "main", "", "main", ""},
		{[]string{"main"}, "", "", "main", ""},
		{[]string{"main"}, "", "other", "other", `g.cluster: "other": unknown cluster; clusters defines main`},
		{[]string{"a", "b"}, "", "b", "b", ""},
		{[]string{"a", "b"}, "a", "", "a", ""},
		{[]string{"a", "b"}, "a", "b", "b", ""},
		{[]string{"a", "b"}, "", "", onlyCluster, `g.cluster: "": there are several clusters; name one of a, b`},
	} {
		f := &problemList{}
		got := (&clusterChoice{defined: c.defined, fallback: c.fallback}).of("g", c.name, f)
		mistakes := strings.Join(f.list, "; ")
		if got != c.want || (mistakes == "") != (c.mistake == "") || !strings.Contains(mistakes, c.mistake) {
			t.Errorf("%q of %v, or %q: %q, %s", c.name, c.defined, c.fallback, got, mistakes)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 3 * time.Second, "0": 0, " 1m30s ": 90 * time.Second, "10ms": 10 * time.Millisecond} {
		f := &problemList{}
		if got := checkDuration("d", text, 3*time.Second, f); got != want || len(f.list) > 0 {
			t.Errorf("%q: %s, %v", text, got, f.err())
		}
	}
	for _, text := range []string{"5", "-1s", "soon", "1 s"} {
		f := &problemList{}
		if got := checkDuration("d", text, 3*time.Second, f); got != 3*time.Second || len(f.list) != 1 {
			t.Errorf("%q: %s, %v", text, got, f.err())
		}
	}
}

// mistakesIn has the mistakes of a configuration as one text.
func mistakesIn(c *Config) string {
	f := &problemList{}
	compile(c, f)
	return strings.Join(f.list, "; ")
}

// Two parts of a configuration never have the same header, in any spelling that
// services can't tell apart.
func TestHeadersHaveOneMaster(t *testing.T) {
	rule := func(name string) HeaderRule { return HeaderRule{Name: name, Path: []string{"/a"}} }
	gate := Gate{Path: []string{"/a"}, Bypass: &Bypass{Header: &Secret{Name: "X_Pass", Value: "secret"}}}
	for _, c := range []struct {
		what   string
		config Config
		want   string
	}{
		{"others", Config{RequestHeaders: []HeaderRule{rule("X-A"), rule("X-B")}, ResponseHeaders: []HeaderRule{rule("X-A")}, DecisionHeader: "X-C", Gates: []Gate{gate, gate}}, ""},
		{"two rules", Config{RequestHeaders: []HeaderRule{rule("X-A"), rule("x_a")}}, `requestHeaders[1].name: "X_a": another rule sets X-A`},
		{"two of the response", Config{ResponseHeaders: []HeaderRule{rule("X-A"), rule("X-A")}}, `responseHeaders[1].name: "X-A"`},
		{"the decisions and a rule", Config{RequestHeaders: []HeaderRule{rule("X-A")}, DecisionHeader: "X_A"}, `decisionHeader: "X_A": a rule in requestHeaders has this header`},
		{"a bypass and a rule", Config{RequestHeaders: []HeaderRule{rule("X-Pass")}, Gates: []Gate{gate}}, `gates[0].bypass.header.name: "X_pass": a rule in requestHeaders`},
		{"a bypass and the decisions", Config{DecisionHeader: "X-Pass", Gates: []Gate{gate}}, `gates[0].bypass.header.name: "X_pass": decisionHeader has`},
	} {
		if got := mistakesIn(&c.config); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
}

// A placeholder for a header that no template ever sees is a mistake, wherever it
// stands.
func TestTemplatesOfUnseenHeaders(t *testing.T) {
	late := HeaderRule{Name: "X-Late", Path: []string{"/{host}"}, MaxNodes: "5"}
	removed := HeaderRule{Name: "X-Removed", Mode: modeRemove}
	fixed := HeaderRule{Name: "X-Fixed", Path: []string{"/a"}}
	pass := &Bypass{Header: &Secret{Name: "X-Pass", Value: "secret"}}
	for text, why := range map[string]string{
		"{header.X-Late}":     "requestHeaders[0] sets it for each request",
		"{header.X_Late}":     "requestHeaders[0] sets X-Late, which services can't tell from it",
		"{header.X-Removed}":  "requestHeaders[1] removes it",
		"{header.X-Decision}": "decisionHeader has this name",
		"{ip|header.x-pass}":  "a bypass takes it from the request",
		"{header.X-Fixed}":    "",
		"{header.X-Other}":    "",
	} {
		got := mistakesIn(&Config{
			RequestHeaders: []HeaderRule{late, removed, fixed}, DecisionHeader: "X-Decision", Context: map[string]string{"a": text},
			Gates: []Gate{{Path: []string{"/a/" + text}, Bypass: pass}},
		})
		if why == "" && got == "" {
			continue
		}
		if why == "" || !strings.Contains(got, "gates[0].path: ") || !strings.Contains(got, "context.a: ") || strings.Count(got, why) != 2 {
			t.Errorf("%s: %s; want %s twice", text, got, why)
		}
	}
}
