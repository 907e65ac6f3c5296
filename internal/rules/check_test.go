package rules

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

func gateAt(cluster string) []config.Gate {
	return []config.Gate{{Path: []string{"/a"}, Cluster: cluster}}
}

func clustersAt(servers string, names ...string) map[string]config.Cluster {
	clusters := map[string]config.Cluster{}
	for _, name := range names {
		clusters[name] = config.Cluster{Servers: []string{servers}}
	}
	return clusters
}

// A tree and typed fields that say the same compile to the same rules. What is left out has
// its default.
func TestCompile(t *testing.T) {
	tree := map[string]any{"clusters": map[string]any{"main": map[string]any{"servers": "zk1"}}, "gates": []any{map[string]any{"path": "/a"}}}
	fromTree, decoded, err := Compile(&config.Config{Decoded: tree})
	if err != nil || len(fromTree.Gates) != 1 {
		t.Fatalf("%+v, %v", fromTree, err)
	}
	_, typed, err := Compile(&config.Config{Clusters: clustersAt("zk1", "main"), Gates: gateAt("")})
	if err != nil || !reflect.DeepEqual(decoded, typed) {
		t.Errorf("%+v, want %+v, %v", decoded, typed, err)
	}
	if typed.StartupTimeout != 2*time.Second || typed.MaxStale != 0 || typed.StatusPage != nil || typed.External || typed.Log != (log.Settings{}) || !reflect.DeepEqual(typed.Uses, []string{"main"}) {
		t.Errorf("by default: %+v", typed)
	}
}

// A text that is meant as one is none of the placeholders without braces.
func TestConstantAttributes(t *testing.T) {
	for _, c := range []*config.Config{
		{TargetingKey: "zurich"}, {TargetingKey: "site.zurich"}, {TargetingKey: "{cookie.uid}.a"}, {TargetingKey: "{'ip'}"},
		{Context: map[string]string{"kind": "host", "version": "1.2", "site": "eu.zurich"}},
	} {
		if _, _, err := Compile(c); err != nil {
			t.Error(err)
		}
	}
}

// All mistakes are in one error, those of the tree's form first.
func TestMistakesOfAConfiguration(t *testing.T) {
	for want, c := range map[string]*config.Config{
		`Decoded: "1": set either Decoded or the typed fields`:       {Decoded: map[string]any{"cluster": "a"}, Cluster: "a"},
		`gate: "gate": unknown key`:                                  {Decoded: map[string]any{"gate": "/a", "maxStale": "soon"}},
		`maxStale: "soon": a duration with its unit`:                 {Decoded: map[string]any{"gate": "/a", "maxStale": "soon"}},
		`startupTimeout: "-1s": a duration can't be negative`:        {StartupTimeout: "-1s"},
		`targetingKey: "cookie.uid|ip": without braces`:              {TargetingKey: "cookie.uid|ip"},
		`the same text for every request; write {ip}`:                {TargetingKey: "ip"},
		`context.plan: "header.X-Plan": without braces`:              {Context: map[string]string{"plan": "header.X-Plan"}},
		`maxNodes: "none": how many nodes`:                           {MaxNodes: "none"},
		`cluster: "other": unknown cluster; clusters defines a`:      {Clusters: clustersAt("zk1", "a"), Cluster: "other"},
		`clusters.a.servers: "": name at least one server`:           {Clusters: clustersAt("", "a")},
		`logLevel: "trace": error, warn, info or debug`:              {LogLevel: "trace"},
		`logFormat: "xml": text or json`:                             {LogFormat: "xml"},
		`decisionHeader: "X A": a header's name`:                     {DecisionHeader: "X A"},
		`targetingKey: "{user}": it has the unknown placeholder`:     {TargetingKey: "{user}"},
		`context.plan: "{": it has a brace`:                          {Context: map[string]string{"plan": "{"}},
		`context.targetingKey: "{ip}": targetingKey is set`:          {TargetingKey: "{ip}", Context: map[string]string{"targetingKey": "{ip}"}},
		`statusValues: "no": true or false is expected here`:         {StatusValues: "no"},
		`statusPath: "status": a path that begins with a slash`:      {StatusPath: "status"},
		`responseHeaders[1].name: "": the header's name is expected`: {ResponseHeaders: []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}}, {Path: []string{"/a"}}}},
	} {
		_, r, err := Compile(c)
		if err == nil || r != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

// What comes from a file or the environment may have changed by the next start.
func TestWhatIsExternal(t *testing.T) {
	t.Setenv("EXTERNAL_TEST_SECRET", "s3cret")
	file := fileWith(t, "s3cret")
	for _, c := range []struct {
		gate config.Gate
		want bool
	}{
		{config.Gate{}, false},
		{config.Gate{BodyFile: file}, true},
		{config.Gate{Bypass: &config.Bypass{}}, false},
		{config.Gate{Bypass: &config.Bypass{Header: &config.Secret{Name: "Pass", Value: "s3cret"}}}, false},
		{config.Gate{Bypass: &config.Bypass{Header: &config.Secret{Name: "Pass", ValueFile: file}}}, true},
		{config.Gate{Bypass: &config.Bypass{Cookie: &config.Secret{Name: "pass", ValueEnv: "EXTERNAL_TEST_SECRET"}}}, true},
	} {
		c.gate.Path = []string{"/a"}
		_, r, err := Compile(&config.Config{Gates: []config.Gate{c.gate, {Path: []string{"/b"}}}})
		if err != nil || r.External != c.want {
			t.Errorf("%+v: %+v, %v", c.gate, r, err)
		}
	}
}

// Each rule has its cluster in what is read back, and the given configuration stays as it is.
func TestRead(t *testing.T) {
	given := &config.Config{
		Cluster: "main", Gates: append(gateAt("other"), gateAt("")...),
		RequestHeaders:  []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}}, {Name: "X-B", Mode: "remove"}},
		ResponseHeaders: []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}, Cluster: "other"}},
	}
	c, err := Read(given)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Gates[0].Cluster, c.Gates[1].Cluster, c.RequestHeaders[0].Cluster, c.RequestHeaders[1].Cluster, c.ResponseHeaders[0].Cluster}
	if want := []string{"other", "main", "main", "", "other"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the clusters are %q, want %q", got, want)
	}
	if given.Gates[1].Cluster != "" || given.RequestHeaders[0].Cluster != "" {
		t.Errorf("the given configuration is %+v afterwards", given)
	}
	if _, err := Read(&config.Config{LogLevel: "trace"}); err == nil {
		t.Error("a mistake passes")
	}
}

// Middlewares that are right by themselves may be wrong together.
func TestCheckAll(t *testing.T) {
	got := CheckAll(map[string]*config.Config{
		"a": {Clusters: clustersAt("zk1", "main")},
		"b": {Clusters: clustersAt("zk2", "main")},
		"c": {Clusters: clustersAt("zk1:2181", "main"), Gates: gateAt("main")},
		"d": {Gates: gateAt(ensemble.OnlyCluster)},
		"e": {Gates: gateAt("lost")},
		"f": {LogLevel: "trace"},
	})
	want := map[string]string{"b": "another middleware defines this cluster", "e": "define clusters.lost.servers", "f": "logLevel"}
	if len(got) != len(want) {
		t.Errorf("errors %v", got)
	}
	for name, text := range want {
		if got[name] == nil || !strings.Contains(got[name].Error(), text) {
			t.Errorf("%s: %v, want %s", name, got[name], text)
		}
	}
}

// The status page is at a path without an end of its own.
func TestStatusPaths(t *testing.T) {
	for _, path := range []string{"/.zookeeper", "/a/b"} {
		_, r, err := Compile(&config.Config{StatusPath: path, StatusValues: "false"})
		if err != nil || r.StatusPage == nil || *r.StatusPage != (StatusPage{Path: path, HidesValues: true}) {
			t.Errorf("%s: %+v, %v", path, r, err)
		}
	}
	for _, path := range []string{"a", "/", "/a/", "/a/../b", "//a", "/a?b", "/a%2fb", "http://a/b"} {
		if _, _, err := Compile(&config.Config{StatusPath: path}); err == nil {
			t.Errorf("%s passes", path)
		}
	}
}

// A format decides how a source is read, and what its key is.
func TestFormatsOfSources(t *testing.T) {
	path := []string{"/a"}
	for _, c := range []struct {
		rule config.HeaderRule
		want Source // but for its places
	}{
		{config.HeaderRule{Path: path}, Source{Format: value.FormatText}},
		{config.HeaderRule{Path: path, Format: "json", Key: "a.b"}, Source{Format: value.FormatJSON, Key: "a.b"}},
		{config.HeaderRule{Path: path, Encoding: "base64"}, Source{Format: value.EncodedFormat(value.FormatText)}},
		{config.HeaderRule{Flag: path, Key: "a"}, Source{Format: value.FormatFlag, Key: "a", IsFlag: true, FlagKey: "a"}},
		{config.HeaderRule{Flag: path, Format: "decider", Key: "a"}, Source{Format: value.FormatDecider, Key: "a", IsFlag: true, FlagKey: "a"}},
		{config.HeaderRule{Flag: path, Format: "properties", Key: "a"}, Source{Format: value.FlagFormat(value.FormatProperties), Key: "a", IsFlag: true}},
		{config.HeaderRule{Flag: path, Format: "exists"}, Source{Format: value.FlagFormat(value.FormatExists), IsFlag: true, MissingIsOff: true}},
		{config.HeaderRule{Path: []string{"/{host}"}, MaxNodes: "5"}, Source{Format: value.FormatText, Depends: true}},
	} {
		c.rule.Name = "X-A"
		_, r, err := Compile(&config.Config{RequestHeaders: []config.HeaderRule{c.rule}})
		if err != nil {
			t.Errorf("%+v: %v", c.rule, err)
			continue
		}
		got := *r.Headers[0].Source
		if len(got.Places) != 1 || (got.Places[0].Template != nil) != c.want.Depends {
			t.Errorf("%+v: the places are %+v", c.rule, got.Places)
		}
		got.Places = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %+v, want %+v", c.rule, got, c.want)
		}
	}
}

// A header's value is translated, then framed. One that no header can hold is the fallback.
func TestFormatValue(t *testing.T) {
	rule := &Header{words: map[string]string{"on": "yes", "off": ""}, frame: "is {value}, {value}", Fallback: "none"}
	for text, want := range map[string]string{"on": "is yes, yes", "off": "", "other": "is other, other", "": "", strings.Repeat("x", 5000): "none"} {
		if got := FormatValue(rule, text); got != want {
			t.Errorf("%.20q gives %.20q, want %q", text, got, want)
		}
	}
}
