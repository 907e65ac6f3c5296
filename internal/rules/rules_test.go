package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// A rule reads from the cluster that it names, or else from the middleware's, or else
// from the only one.
func TestChoiceOfACluster(t *testing.T) {
	for _, c := range []struct {
		defined        []string
		fallback, name string
		want, mistake  string
	}{
		{nil, "", "", ensemble.OnlyCluster, ""},
		{nil, "", "other", "other", ""},
		{nil, "main", "", "main", ""},
		{[]string{"main"}, "", "", "main", ""},
		{[]string{"main"}, "", "other", "other", `g.cluster: "other": unknown cluster; clusters defines main`},
		{[]string{"a", "b"}, "", "b", "b", ""},
		{[]string{"a", "b"}, "a", "", "a", ""},
		{[]string{"a", "b"}, "a", "b", "b", ""},
		{[]string{"a", "b"}, "", "", ensemble.OnlyCluster, `g.cluster: "": there are several clusters; name one of a, b`},
	} {
		list := &problems.List{}
		got := clusterOf(&clusterChoice{defined: c.defined, fallback: c.fallback}, "g", c.name, list)
		mistakes := strings.Join(list.Texts(), "; ")
		if got != c.want || (mistakes == "") != (c.mistake == "") || !strings.Contains(mistakes, c.mistake) {
			t.Errorf("%q of %v, or %q: %q, %s", c.name, c.defined, c.fallback, got, mistakes)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 3 * time.Second, "0": 0, " 1m30s ": 90 * time.Second, "10ms": 10 * time.Millisecond} {
		list := &problems.List{}
		if got := checkDuration("d", text, 3*time.Second, list); got != want || len(list.Texts()) > 0 {
			t.Errorf("%q: %s, %v", text, got, list.Err())
		}
	}
	for _, text := range []string{"5", "-1s", "soon", "1 s"} {
		list := &problems.List{}
		if got := checkDuration("d", text, 3*time.Second, list); got != 3*time.Second || len(list.Texts()) != 1 {
			t.Errorf("%q: %s, %v", text, got, list.Err())
		}
	}
}

// mistakesIn has the mistakes of a configuration as one text.
func mistakesIn(c *config.Config) string {
	list := &problems.List{}
	compileConfig(c, list)
	return strings.Join(list.Texts(), "; ")
}

// Two parts of a configuration never have the same header, in any spelling that
// services can't tell apart.
func TestHeadersHaveOneMaster(t *testing.T) {
	rule := func(name string) config.HeaderRule { return config.HeaderRule{Name: name, Path: []string{"/a"}} }
	gate := config.Gate{Path: []string{"/a"}, Bypass: &config.Bypass{Header: &config.Secret{Name: "X_Pass", Value: "secret"}}}
	for _, c := range []struct {
		what   string
		config config.Config
		want   string
	}{
		{"others", config.Config{RequestHeaders: []config.HeaderRule{rule("X-A"), rule("X-B")}, ResponseHeaders: []config.HeaderRule{rule("X-A")}, DecisionHeader: "X-C", Gates: []config.Gate{gate, gate}}, ""},
		{"two rules", config.Config{RequestHeaders: []config.HeaderRule{rule("X-A"), rule("x_a")}}, `requestHeaders[1].name: "X_a": another rule sets X-A`},
		{"two of the response", config.Config{ResponseHeaders: []config.HeaderRule{rule("X-A"), rule("X-A")}}, `responseHeaders[1].name: "X-A"`},
		{"the decisions and a rule", config.Config{RequestHeaders: []config.HeaderRule{rule("X-A")}, DecisionHeader: "X_A"}, `decisionHeader: "X_A": a rule in requestHeaders has this header`},
		{"a bypass and a rule", config.Config{RequestHeaders: []config.HeaderRule{rule("X-Pass")}, Gates: []config.Gate{gate}}, `gates[0].bypass.header.name: "X_pass": a rule in requestHeaders`},
		{"a bypass and the decisions", config.Config{DecisionHeader: "X-Pass", Gates: []config.Gate{gate}}, `gates[0].bypass.header.name: "X_pass": decisionHeader has`},
	} {
		if got := mistakesIn(&c.config); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
}

// A placeholder for a header that no template ever sees is a mistake, wherever it
// stands.
func TestTemplatesOfUnseenHeaders(t *testing.T) {
	late := config.HeaderRule{Name: "X-Late", Path: []string{"/{host}"}, MaxNodes: "5"}
	removed := config.HeaderRule{Name: "X-Removed", Mode: modeRemove}
	fixed := config.HeaderRule{Name: "X-Fixed", Path: []string{"/a"}}
	pass := &config.Bypass{Header: &config.Secret{Name: "X-Pass", Value: "secret"}}
	for text, why := range map[string]string{
		"{header.X-Late}":     "requestHeaders[0] sets it for each request",
		"{header.X_Late}":     "requestHeaders[0] sets X-Late, which services can't tell from it",
		"{header.X-Removed}":  "requestHeaders[1] removes it",
		"{header.X-Decision}": "decisionHeader has this name",
		"{ip|header.x-pass}":  "a bypass takes it from the request",
		"{header.X-Fixed}":    "",
		"{header.X-Other}":    "",
	} {
		got := mistakesIn(&config.Config{
			RequestHeaders: []config.HeaderRule{late, removed, fixed}, DecisionHeader: "X-Decision", Context: map[string]string{"a": text},
			Gates: []config.Gate{{Path: []string{"/a/" + text}, Bypass: pass}},
		})
		if why == "" && got == "" {
			continue
		}
		if why == "" || !strings.Contains(got, "gates[0].path: ") || !strings.Contains(got, "context.a: ") || strings.Count(got, why) != 2 {
			t.Errorf("%s: %s; want %s twice", text, got, why)
		}
	}
}
