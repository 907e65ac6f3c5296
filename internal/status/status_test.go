package status

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// emptySource is that of a process in which nothing uses the plugin.
func emptySource() *Source {
	return &Source{
		Clusters:      func(*cache.NodeSelection) []*clusters.Report { return nil },
		Middlewares:   func(*middleware.NameSelection) *middleware.List { return &middleware.List{} },
		Missing:       func() []*serve.MissingValue { return nil },
		Misconfigured: func() []*middleware.Misconfigured { return nil },
		Decisions:     func() []*counters.DecisionCount { return nil },
		Closed:        func() []*serve.ClosedCount { return nil },
		Misfits:       func() []*serve.Misfit { return nil },
		Variants:      func() []*counters.VariantCount { return nil },
		Panics:        func() int64 { return 0 },
	}
}

func clusterNamed(name string) *clusters.Report {
	return &clusters.Report{
		Session: &session.Report{Cluster: name, State: session.StateSuspended},
		Cache:   &cache.Report{Propagation: &cache.PropagationReport{}},
	}
}

func answerOf(source *Source, url string, asked *serve.StatusRequest) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	New(source).ServeStatus(w, httptest.NewRequest(http.MethodGet, url, nil), asked)
	return w
}

func TestAnEmptyReportHasListsAndNoNulls(t *testing.T) {
	w := answerOf(emptySource(), "/status?format=json", &serve.StatusRequest{})
	for _, list := range []string{`"clusters": []`, `"middlewares": []`, `"mistakes": []`} {
		if !strings.Contains(w.Body.String(), list) {
			t.Errorf("no %s in %s", list, w.Body)
		}
	}
}

func TestWhatARequestSelects(t *testing.T) {
	source := emptySource()
	var nodes cache.NodeSelection
	var names middleware.NameSelection
	source.Clusters = func(wanted *cache.NodeSelection) []*clusters.Report {
		nodes = *wanted
		return nil
	}
	source.Middlewares = func(wanted *middleware.NameSelection) *middleware.List {
		names = *wanted
		return &middleware.List{}
	}
	answerOf(source, "/status?path=/flags&middleware=shop", &serve.StatusRequest{})
	if nodes != (cache.NodeSelection{Prefix: "/flags", Limit: 200}) || names != (middleware.NameSelection{Prefix: "shop", Limit: 200}) {
		t.Errorf("%+v, %+v", nodes, names)
	}
}

func TestNotReadyTellsWhatIsMissing(t *testing.T) {
	source := emptySource()
	if w := answerOf(source, "/status/ready", &serve.StatusRequest{Subpath: "/ready"}); w.Code != http.StatusOK || w.Body.String() != "ready\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	source.Missing = func() []*serve.MissingValue {
		return []*serve.MissingValue{{Middleware: "m", Reason: serve.MissingCluster}}
	}
	w := answerOf(source, "/status/ready", &serve.StatusRequest{Subpath: "/ready"})
	if w.Code != http.StatusServiceUnavailable || w.Body.String() != "middleware m: nobody defines the one cluster that it reads from\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMissingValuesAreToldOnce(t *testing.T) {
	got := missingLines([]*serve.MissingValue{
		{Middleware: "b", Cluster: "main", Path: "/a", Reason: serve.NotLoaded}, {Middleware: "a", Cluster: "main", Path: "/a", Reason: serve.NotLoaded},
		{Middleware: "b", Cluster: "main", Path: "/a", Reason: serve.TooOld}, {Middleware: "a", Cluster: "main", Path: "/a", Reason: serve.TooOld},
		{Middleware: "a", Cluster: "other", Reason: serve.MissingCluster},
	})
	want := []string{
		"cluster main: /a is not loaded", "cluster main: /a is older than maxStale allows middleware a",
		"cluster main: /a is older than maxStale allows middleware b", "middleware a: nobody defines cluster other",
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestNoMoreMissingValuesAreToldThanOneReads(t *testing.T) {
	var missing []*serve.MissingValue
	for i := range maxMissing {
		missing = append(missing, &serve.MissingValue{Cluster: "main", Path: fmt.Sprintf("/%02d", i), Reason: serve.NotLoaded})
	}
	if got := missingLines(missing); len(got) != maxMissing || strings.Contains(got[maxMissing-1], "more") {
		t.Errorf("%q", got)
	}
	missing = append(missing, &serve.MissingValue{Cluster: "main", Path: "/x", Reason: serve.NotLoaded}, &serve.MissingValue{Cluster: "main", Path: "/y", Reason: serve.NotLoaded})
	if got := missingLines(missing); len(got) != maxMissing+1 || got[maxMissing] != "and 2 more" {
		t.Errorf("%q", got)
	}
}

func TestMistakesAreInOrderAndToldOnce(t *testing.T) {
	got := mistakesToJSON([]*middleware.Misconfigured{{Middleware: "b", Problem: "y"}, {Middleware: "b", Problem: "x"}, {Middleware: "a", Problem: "z"}, {Middleware: "b", Problem: "y"}})
	if len(got) != 3 || *got[0] != (mistakeJSON{"a", "z"}) || *got[1] != (mistakeJSON{"b", "x"}) || *got[2] != (mistakeJSON{"b", "y"}) {
		t.Errorf("%d mistakes, the first is %+v", len(got), got[0])
	}
}

func TestExcerptsOfValues(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "blue": "blue", "a\tb\nc\x00": "a b c ", "\xff\xfe": "2 bytes that are no text", "ü😀": "ü😀",
		strings.Repeat("x", 120):       strings.Repeat("x", 120),
		strings.Repeat("x", 121):       strings.Repeat("x", 120) + "… (121 bytes)",
		strings.Repeat("x", 119) + "é": strings.Repeat("x", 119) + "… (121 bytes)",
	} {
		if got := excerpt([]byte(text)); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestValuesOfNodes(t *testing.T) {
	if got := valueText(&cache.NodeReport{Exists: true, Children: true, ChildCount: 3}); got != "3 below" {
		t.Errorf("children: %q", got)
	}
	if got := valueText(&cache.NodeReport{Children: true, Loaded: true}); got != "" {
		t.Errorf("a missing node has %q", got)
	}
	if got := valueText(&cache.NodeReport{Exists: true}); got != "" {
		t.Errorf("without data: %q", got)
	}
}

func TestSourcesAsTheConfigurationHasThem(t *testing.T) {
	if got := sourceText(&serve.SourceReport{Paths: []string{"/a", "/b"}, Format: "json", Key: "db.host"}); got != "/a, /b as json db.host" {
		t.Error(got)
	}
	if got := sourceText(&serve.SourceReport{Paths: []string{"/a"}, Format: "flag"}); got != "/a as flag" {
		t.Error(got)
	}
}

func TestDecisionsByKindAndReason(t *testing.T) {
	g := gateToJSON(&serve.GateReport{Source: &serve.SourceReport{}, Decisions: []*counters.DecisionCount{
		{Decision: "pass", Reason: "STATIC", Count: 1}, {Decision: "pass", Reason: "SPLIT", Count: 2}, {Decision: "block", Reason: "ERROR", Count: 3},
	}})
	if len(g.Decisions) != 2 || g.Decisions["pass"]["STATIC"] != 1 || g.Decisions["pass"]["SPLIT"] != 2 || g.Decisions["block"]["ERROR"] != 3 {
		t.Errorf("%v", g.Decisions)
	}
}

// A flag that doesn't fit a rule counts for the cluster in force, whether values are hidden or not.
func TestMisfitsAreSuspicious(t *testing.T) {
	for _, hide := range []bool{false, true} {
		source := emptySource()
		source.Clusters = func(*cache.NodeSelection) []*clusters.Report {
			before, now, other := clusterNamed("main"), clusterNamed("main"), clusterNamed("other")
			before.Draining = true
			now.Cache.SuspiciousFlags = 1
			return []*clusters.Report{now, before, other}
		}
		source.Misfits = func() []*serve.Misfit {
			return []*serve.Misfit{{Cluster: "main", Path: "/a"}, {Cluster: "main", Path: "/b", Key: "k"}, {Cluster: "gone", Path: "/c"}}
		}
		metrics := answerOf(source, "/status/metrics", &serve.StatusRequest{Subpath: "/metrics", HideValues: hide}).Body.String()
		for _, line := range []string{`suspicious_flags{zookeeper_cluster="main"} 3`, `suspicious_flags{zookeeper_cluster="other"} 0`} {
			if !strings.Contains(metrics, line) {
				t.Errorf("no %s in %s", line, metrics)
			}
		}
		report := answerOf(source, "/status?format=json", &serve.StatusRequest{HideValues: hide}).Body.String()
		if strings.Count(report, `"suspiciousFlags": 3`) != 1 || strings.Count(report, `"suspiciousFlags": 0`) != 2 {
			t.Error(report)
		}
	}
}
