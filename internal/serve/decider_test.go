package serve

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// rulesOf compiles a configuration that has to be right.
func rulesOf(t *testing.T, c *config.Config) *rules.Rules {
	t.Helper()
	_, r, err := rules.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stateOf is a gate as an instance sees it.
func stateOf(t *testing.T, g config.Gate) *gateState {
	t.Helper()
	g.Path = []string{"/a"}
	compiled := rulesOf(t, &config.Config{Gates: []config.Gate{g}}).Gates[0]
	return &gateState{gate: compiled, bypass: compiled.Bypass}
}

// A gate is closed by its word, and by a flag without a boolean value. A bypass and a
// dry run let requests through all the same.
func TestDecisions(t *testing.T) {
	bypass := &config.Bypass{Methods: []string{http.MethodOptions}}
	for _, c := range []struct {
		what   string
		gate   config.Gate
		value  any
		method string
		want   string
	}{
		{"off by default", config.Gate{}, false, http.MethodGet, counters.Block},
		{"on by default", config.Gate{}, true, http.MethodGet, counters.Pass},
		{"on, which blocks", config.Gate{BlockWhen: "on"}, true, http.MethodGet, counters.Block},
		{"off, which passes", config.Gate{BlockWhen: "on"}, false, http.MethodGet, counters.Pass},
		{"no value", config.Gate{BlockWhen: "on"}, nil, http.MethodGet, counters.Block},
		{"a text", config.Gate{}, "true", http.MethodGet, counters.Block},
		{"a dry run", config.Gate{DryRun: true}, false, http.MethodGet, counters.DryRun},
		{"a dry run that is open", config.Gate{DryRun: true}, true, http.MethodGet, counters.Pass},
		{"who gets by", config.Gate{Bypass: bypass}, false, http.MethodOptions, counters.Bypass},
		{"who doesn't", config.Gate{Bypass: bypass}, false, http.MethodGet, counters.Block},
		{"who gets by where it is open", config.Gate{Bypass: bypass}, true, http.MethodOptions, counters.Pass},
		{"who gets by a dry run", config.Gate{Bypass: bypass, DryRun: true}, false, http.MethodOptions, counters.Bypass},
	} {
		got := decisionOf(stateOf(t, c.gate), &flag.Evaluation{Value: c.value}, httptest.NewRequest(c.method, "/", nil))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// A mode says what becomes of the value, and of what the header has.
func TestModesOfHeaders(t *testing.T) {
	for _, c := range []struct {
		mode, value string
		before      []string
		want        []string
	}{
		{rules.ModeSet, "new", nil, []string{"new"}},
		{rules.ModeSet, "new", []string{"old", "older"}, []string{"new"}},
		{rules.ModeSet, "", []string{"old"}, nil},
		{rules.ModeAppend, "new", nil, []string{"new"}},
		{rules.ModeAppend, "new", []string{"old"}, []string{"old", "new"}},
		{rules.ModeAppend, "", []string{"old"}, []string{"old"}},
		{rules.ModeIfAbsent, "new", nil, []string{"new"}},
		{rules.ModeIfAbsent, "new", []string{"old"}, []string{"old"}},
		{rules.ModeIfAbsent, "", nil, nil},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if c.before != nil {
			r.Header["X-A"] = c.before
		}
		rule := config.HeaderRule{Name: "X-A", Mode: c.mode, Path: []string{"/a"}}
		applyLate(rulesOf(t, &config.Config{RequestHeaders: []config.HeaderRule{rule}}).Headers[0], r, c.value, nil)
		if got := r.Header["X-A"]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q and %q give %q, want %q", c.mode, c.before, c.value, got, c.want)
		}
	}
}

// A decision says what was decided and why. It has only what a header can hold.
func TestNotesOfDecisions(t *testing.T) {
	static := &flag.Evaluation{Value: true, Variant: "on", Reason: flag.ReasonStatic}
	for _, c := range []struct {
		decision, label string
		evaluation      *flag.Evaluation
		stale           time.Time
		want            string
	}{
		{counters.Pass, "/a", static, time.Time{}, `pass; flag="/a"; variant="on"; reason=STATIC; age=0`},
		{counters.Block, "/ü#key", static, time.Now().Add(-90 * time.Second), `block; flag="/\u00fc#key"; variant="on"; reason=STATIC; age=90`},
		{counters.Block, "/a", &flag.Evaluation{Reason: flag.ReasonError, ErrorCode: flag.ErrorFlagNotFound}, time.Time{}, `block; flag="/a"; reason=ERROR; error=FLAG_NOT_FOUND; age=0`},
		{decidedSet, "/a", &flag.Evaluation{Variant: "a\r\nb", Reason: flag.ReasonSplit}, time.Time{}, `set; flag="/a"; variant="a\r\nb"; reason=SPLIT; age=0`},
	} {
		if got := noteOf(c.decision, c.label, c.evaluation, c.stale); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// What is decided for several requests is the same from one second to the next, also while there is
// no session, so that it is kept once.
func TestVerdictsHaveNoAge(t *testing.T) {
	closed := &flag.Evaluation{Value: false, Variant: "off", Reason: flag.ReasonStatic}
	g := stateOf(t, config.Gate{})
	g.evaluator = &evaluator{prepared: &preparedFlag{constant: closed, stale: time.Now().Add(-time.Hour)}}
	want := []string{`block; flag="/a"; variant="off"; reason=STATIC; age=0`}
	if v := verdictOf([]*gateState{g}, nil); !reflect.DeepEqual(v.notes, want) {
		t.Errorf("%q, want %q", v.notes, want)
	}
}
