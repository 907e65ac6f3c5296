package zookeeper

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// emptySource is that of a process in which nothing uses the plugin.
func emptySource() *statusSource {
	return &statusSource{
		clusters:    func(*nodeSelection) []*clusterReport { return nil },
		middlewares: func(*nameSelection) *middlewareList { return &middlewareList{} },
		missing:     func() []*missingValue { return nil },
		mistakes:    func() []*mistake { return nil },
		decisions:   func() []*decisionCount { return nil },
		panics:      func() int64 { return 0 },
	}
}

func clusterNamed(name string) *clusterReport {
	return &clusterReport{
		Session: &sessionReport{Cluster: name, State: StateSuspended},
		Cache:   &cacheReport{Propagation: &propagationReport{}},
	}
}

func answerOf(source *statusSource, url string, asked *statusRequest) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	newStatus(source).serve(w, httptest.NewRequest(http.MethodGet, url, nil), asked)
	return w
}

func TestAnEmptyReportHasListsAndNoNulls(t *testing.T) {
	w := answerOf(emptySource(), "/status?format=json", &statusRequest{})
	for _, list := range []string{`"clusters": []`, `"middlewares": []`, `"mistakes": []`} {
		if !strings.Contains(w.Body.String(), list) {
			t.Errorf("no %s in %s", list, w.Body)
		}
	}
}

func TestWhatARequestSelects(t *testing.T) {
	source := emptySource()
	var nodes nodeSelection
	var names nameSelection
	source.clusters = func(wanted *nodeSelection) []*clusterReport {
		nodes = *wanted
		return nil
	}
	source.middlewares = func(wanted *nameSelection) *middlewareList {
		names = *wanted
		return &middlewareList{}
	}
	answerOf(source, "/status?path=/flags&middleware=shop", &statusRequest{})
	if nodes != (nodeSelection{Prefix: "/flags", Limit: 200}) || names != (nameSelection{Prefix: "shop", Limit: 200}) {
		t.Errorf("%+v, %+v", nodes, names)
	}
}

func TestHiddenValuesAreInNoAnswer(t *testing.T) {
	source := emptySource()
	source.clusters = func(*nodeSelection) []*clusterReport {
		c := clusterNamed("main")
		c.Cache.Nodes = []*nodeReport{{Path: "/a", Exists: true, Data: []byte("secret"), Problem: "refused as flag", Details: `: it is "secret"`}}
		return []*clusterReport{c}
	}
	source.middlewares = func(*nameSelection) *middlewareList {
		header := &headerReport{Name: "X-A", Value: "secret", Source: &sourceReport{Paths: []string{"/a"}, Format: "text"}}
		return &middlewareList{Count: 1, Listed: []*middlewareReport{{Name: "m", Headers: []*headerReport{header}}}}
	}
	for _, format := range []string{"json", "html", "prometheus"} {
		hidden := answerOf(source, "/status?format="+format, &statusRequest{HideValues: true}).Body.String()
		if strings.Contains(hidden, "secret") {
			t.Errorf("%s: %s", format, hidden)
		}
		if format != "prometheus" && (!strings.Contains(hidden, "refused as flag") || strings.Contains(hidden, "refused as flag:")) {
			t.Errorf("%s, the problem: %s", format, hidden)
		}
		shown := answerOf(source, "/status?format="+format, &statusRequest{}).Body.String()
		if count := strings.Count(shown, "secret"); format != "prometheus" && count != 3 {
			t.Errorf("%s has it %d times: %s", format, count, shown)
		}
	}
}

func TestNotReadyTellsWhatIsMissing(t *testing.T) {
	source := emptySource()
	if w := answerOf(source, "/status/ready", &statusRequest{Below: "/ready"}); w.Code != http.StatusOK || w.Body.String() != "ready\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	source.missing = func() []*missingValue { return []*missingValue{{Middleware: "m", Reason: missingCluster}} }
	w := answerOf(source, "/status/ready", &statusRequest{Below: "/ready"})
	if w.Code != http.StatusServiceUnavailable || w.Body.String() != "middleware m: nobody defines the one cluster that it reads from\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMissingValuesAreToldOnce(t *testing.T) {
	got := missingLines([]*missingValue{
		{Middleware: "b", Cluster: "main", Path: "/a", Reason: notLoaded}, {Middleware: "a", Cluster: "main", Path: "/a", Reason: notLoaded},
		{Middleware: "b", Cluster: "main", Path: "/a", Reason: tooOld}, {Middleware: "a", Cluster: "main", Path: "/a", Reason: tooOld},
		{Middleware: "a", Cluster: "other", Reason: missingCluster},
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
	var missing []*missingValue
	for i := range mostMissing {
		missing = append(missing, &missingValue{Cluster: "main", Path: fmt.Sprintf("/%02d", i), Reason: notLoaded})
	}
	if got := missingLines(missing); len(got) != mostMissing || strings.Contains(got[mostMissing-1], "more") {
		t.Errorf("%q", got)
	}
	missing = append(missing, &missingValue{Cluster: "main", Path: "/x", Reason: notLoaded}, &missingValue{Cluster: "main", Path: "/y", Reason: notLoaded})
	if got := missingLines(missing); len(got) != mostMissing+1 || got[mostMissing] != "and 2 more" {
		t.Errorf("%q", got)
	}
}

func TestMistakesAreInOrderAndToldOnce(t *testing.T) {
	got := mistakesToJSON([]*mistake{{middleware: "b", why: "y"}, {middleware: "b", why: "x"}, {middleware: "a", why: "z"}, {middleware: "b", why: "y"}})
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
	shown, hidden := &selection{}, &selection{hideValues: true}
	list := &nodeReport{Exists: true, Children: true, ChildCount: 3}
	if valueText(list, shown) != "3 below" || valueText(list, hidden) != "3 below" {
		t.Errorf("children: %q, %q", valueText(list, shown), valueText(list, hidden))
	}
	if got := valueText(&nodeReport{Children: true, Loaded: true}, shown); got != "" {
		t.Errorf("a missing node has %q", got)
	}
	if got := valueText(&nodeReport{Exists: true, Data: []byte("x")}, hidden); got != "" {
		t.Errorf("hidden: %q", got)
	}
}

func TestSourcesAsTheConfigurationHasThem(t *testing.T) {
	if got := sourceText(&sourceReport{Paths: []string{"/a", "/b"}, Format: "json", Key: "db.host"}); got != "/a, /b as json db.host" {
		t.Error(got)
	}
	if got := sourceText(&sourceReport{Paths: []string{"/a"}, Format: "flag"}); got != "/a as flag" {
		t.Error(got)
	}
}

func TestDecisionsByKindAndReason(t *testing.T) {
	g := gateToJSON(&gateReport{Source: &sourceReport{}, Decisions: []*decisionCount{
		{Decision: "pass", Reason: "STATIC", Count: 1}, {Decision: "pass", Reason: "SPLIT", Count: 2}, {Decision: "block", Reason: "ERROR", Count: 3},
	}})
	if len(g.Decisions) != 2 || g.Decisions["pass"]["STATIC"] != 1 || g.Decisions["pass"]["SPLIT"] != 2 || g.Decisions["block"]["ERROR"] != 3 {
		t.Errorf("%v", g.Decisions)
	}
}
