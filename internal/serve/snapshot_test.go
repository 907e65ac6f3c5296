package serve

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// bound are the rules of a configuration, with inputs that have no cluster.
func bound(t *testing.T, c *config.Config) *BoundRules {
	t.Helper()
	return NewBoundRules(rulesOf(t, c), nil)
}

// somewhere is a cluster that is defined, so that gates have their defaults.
var somewhere = map[string]config.Cluster{"main": {Servers: []string{"zk1"}}}

func headerRule(cluster string) *config.Config {
	return &config.Config{RequestHeaders: []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}, Cluster: cluster, Default: "none"}}}
}

func gate() *config.Config { return &config.Config{Gates: []config.Gate{{Path: []string{"/a"}}}} }

// answerOf is the status that a request gets from rules in front of a service.
func answerOf(b *BoundRules) int {
	handler := HandlerFor(NewBuilder(b, &input.Expiry{Now: time.Now()}), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	w := httptest.NewRecorder()
	handler(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Code
}

// Rules that can't be followed close their gates. Without gates they change nothing,
// unless the middleware is refused: then its router is as if it weren't there.
func TestFailures(t *testing.T) {
	wrong := errors.New("it is wrong")
	for name, c := range map[string]struct {
		config                      *config.Config
		normally, failed, afterThat int
	}{
		"gate":   {gate(), http.StatusForbidden, http.StatusServiceUnavailable, http.StatusServiceUnavailable},
		"header": {headerRule(""), http.StatusNoContent, http.StatusNoContent, http.StatusNotFound},
	} {
		b := bound(t, c.config)
		if got := answerOf(b); got != c.normally || b.Failure() != nil {
			t.Errorf("%s: %d, %v", name, got, b.Failure())
		}
		b.Fail(wrong)
		if got := answerOf(b); got != c.failed || b.Failure() != wrong {
			t.Errorf("%s that failed: %d, %v", name, got, b.Failure())
		}
		b.Refuse(wrong)
		if got := answerOf(b); got != c.afterThat {
			t.Errorf("%s that is refused: %d", name, got)
		}
		b.Resume()
		if got := answerOf(b); got != c.normally || b.Failure() != nil {
			t.Errorf("%s that goes on: %d, %v", name, got, b.Failure())
		}
	}
}

// Flags see headers as services do, and nothing of what a client sends in their place.
func TestHeadersAsFlagsSeeThem(t *testing.T) {
	c := &config.Config{DecisionHeader: "X-Decision", RequestHeaders: []config.HeaderRule{
		{Name: "X-Set", Path: []string{"/a"}, Default: "none"}, {Name: "X-Removed", Mode: "remove"},
		{Name: "X-Late", Path: []string{"/users/{header.X-User}"}}, {Name: "X-Added", Path: []string{"/a"}, Mode: "append"},
	}}
	managed := snapshotOf(bound(t, c), &input.Expiry{Now: time.Now()}).decider.managed
	for name, want := range map[string]string{"X-Set": "none", "X-Removed": "", "X-Late": "", "X-Decision": "", "X_set": ""} {
		if got, isManaged := managed[name]; !isManaged || got != want {
			t.Errorf("%s is %q, %t", name, got, isManaged)
		}
	}
	if _, isManaged := managed["X-Added"]; isManaged {
		t.Error("a header that values are added to hides what the client sent")
	}
}

// What requests make no difference to is decided and counted beforehand. From the first
// closed gate on, the gates behind it don't count.
func TestDecisionsForAllRequests(t *testing.T) {
	c := &config.Config{Clusters: somewhere, Gates: []config.Gate{{Path: []string{"/open"}, Default: "on"}, {Path: []string{"/closed"}}, {Path: []string{"/behind"}}}}
	b, counting := bound(t, c), counters.NewRegistry()
	b.UseCounters(counting, "shop")
	answerOf(b)
	if counts := counting.Decisions(); len(counts) != 0 {
		t.Errorf("%d decisions were counted before that has begun", len(counts))
	}
	if !counting.Begin() || counting.Begin() {
		t.Error("counting doesn't begin once")
	}
	for range 3 {
		if got := answerOf(b); got != http.StatusForbidden {
			t.Errorf("the answer is %d", got)
		}
	}
	counts := counting.Decisions()
	if len(counts) != 2 || counts[0].Gate != "/closed" || counts[0].Decision != counters.Block || counts[0].Count != 3 || counts[1].Gate != "/open" || counts[1].Decision != counters.Pass || counts[1].Count != 3 || counts[1].Middleware != "shop" {
		t.Errorf("%+v", counts)
	}
	report := b.Report()
	if len(report.Gates) != 3 || report.Gates[1].Decision != counters.Block || len(report.Gates[1].Decisions) != 1 || len(report.Gates[2].Decisions) != 0 || len(report.Variants) != 2 {
		t.Errorf("%+v", report.Gates)
	}
}

// Counters are the same for all instances of a middleware, and go with the last one.
func TestCountersOfOneGate(t *testing.T) {
	counting := counters.NewRegistry()
	first, second, other := bound(t, gate()), bound(t, gate()), bound(t, gate())
	first.UseCounters(counting, "shop")
	second.UseCounters(counting, "shop")
	other.UseCounters(counting, "blog")
	if first.counters[0] != second.counters[0] || first.counters[0] == other.counters[0] {
		t.Error("one middleware has two counters, or two have one")
	}
	counting.Begin()
	for _, b := range []*BoundRules{first, other, second} {
		answerOf(b)
	}
	for i, b := range []*BoundRules{first, other, second} {
		if left := len(counting.Decisions()); left != []int{2, 2, 1}[i] {
			t.Errorf("%d counters", left)
		}
		b.ReleaseCounters()
	}
	if len(counting.Decisions())+len(counting.Variants()) != 0 {
		t.Error("counters stay when nobody uses them")
	}
}

// The variants of a header's flag count for the requests that get the header: for all, for
// those that a gate lets pass, and where they depend on the request.
func TestVariantsOfAHeader(t *testing.T) {
	flagged := config.HeaderRule{Name: "X-Theme", Flag: []string{"/theme"}, Default: "classic"}
	late := config.HeaderRule{Name: "X-Theme", Flag: []string{"/themes/{header.X-User}"}, Default: "classic"}
	bypassed := config.Gate{Path: []string{"/gate"}, Bypass: &config.Bypass{Methods: []string{http.MethodPost}}}
	for what, c := range map[string]struct {
		config *config.Config
		want   int64
	}{
		"for all":              {&config.Config{RequestHeaders: []config.HeaderRule{flagged}}, 2},
		"for the response":     {&config.Config{ResponseHeaders: []config.HeaderRule{flagged}}, 2},
		"behind a closed gate": {&config.Config{RequestHeaders: []config.HeaderRule{flagged}, Gates: []config.Gate{{Path: []string{"/gate"}}}}, 0},
		"behind a bypass":      {&config.Config{RequestHeaders: []config.HeaderRule{flagged}, Gates: []config.Gate{bypassed}}, 1},
		"by request":           {&config.Config{RequestHeaders: []config.HeaderRule{late}, Gates: []config.Gate{bypassed}}, 1},
		"with decisions":       {&config.Config{RequestHeaders: []config.HeaderRule{flagged}, DecisionHeader: "X-Decision"}, 2},
	} {
		b, counting := bound(t, c.config), counters.NewRegistry()
		b.UseCounters(counting, "shop")
		counting.Begin()
		service := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		handler := HandlerFor(NewBuilder(b, &input.Expiry{Now: time.Now()}), service)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			handler(httptest.NewRecorder(), httptest.NewRequest(method, "/", nil))
		}
		got := int64(0)
		for _, v := range counting.Variants() {
			if v.Rule == "X-Theme" {
				got += v.Count
			}
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}

// Nobody gets by for a list that isn't known, or that has no value. Otherwise, the first node
// with a list says who does.
func TestBypassWithAList(t *testing.T) {
	listed := ipset.New()
	network, _ := ipset.ParseNetwork("192.0.2.0/24")
	ipset.Add(listed, network)
	bypass := rulesOf(t, &config.Config{Gates: []config.Gate{{Path: []string{"/a"}, Bypass: &config.Bypass{IPsPath: []string{"/b", "/c"}}}}}).Gates[0].Bypass
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "192.0.2.1:1"
	missing, unknown, has := &cache.Observed{Loaded: true, Known: true}, &cache.Observed{}, &cache.Observed{Loaded: true, Known: true, Value: listed}
	kept := &cache.Observed{Loaded: true, Known: true, Value: listed, Refused: true}
	for _, c := range []struct {
		seen []*cache.Observed
		want bool
	}{
		{nil, false}, {[]*cache.Observed{unknown, has}, false}, {[]*cache.Observed{missing, missing}, false}, {[]*cache.Observed{missing, has}, true}, {[]*cache.Observed{has, unknown}, true}, {[]*cache.Observed{kept, missing}, true},
		{[]*cache.Observed{{Loaded: true, Known: true, Value: ipset.New()}, has}, false},
	} {
		if got := rules.Passes(bypassWith(bypass, c.seen), r); got != c.want {
			t.Errorf("%+v: %t", c.seen, got)
		}
	}
}

// A closed gate with a list depends on the request, and its list is an input as others are.
func TestGateWithAListDependsOnTheRequest(t *testing.T) {
	b := bound(t, &config.Config{Gates: []config.Gate{{Path: []string{"/a"}, Bypass: &config.Bypass{IPsPath: []string{"/b"}}}, {Path: []string{"/c"}}}})
	if s := snapshotOf(b, &input.Expiry{Now: time.Now()}); s.refusal != nil || s.decider == nil {
		t.Errorf("all requests get the same: %+v", s)
	}
	if got := answerOf(b); got != http.StatusForbidden || len(b.Inputs()) != 3 {
		t.Errorf("status %d; %d inputs", got, len(b.Inputs()))
	}
}
