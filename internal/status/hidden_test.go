package status

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/middleware"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// shownFields are the fields of reports with texts that are shown without values too, and why
// no value is in them. All other texts are hidden, also those of fields that come later.
var shownFields = map[string]string{
	"session.Report.Cluster": "the configuration's", "session.Report.Servers": "the configuration's", "session.Report.Chroot": "the configuration's",
	"session.Report.State": "one of five words", "session.Report.Server": "one of the servers", "session.Report.Problem": "about the connection, which has read nothing",
	"store.NodeReport.Path": "the configuration's, where Own", "store.NodeReport.Watch": "one of three words", "store.NodeReport.Problem": "an error of ZooKeeper, or the format and key",
	"cache.TemplateReport.Path": "the configuration's", "history.ChangeReport.Template": "the configuration's", "history.ChangeReport.Kind": "one of three words",
	"middleware.Report.Name": "the configuration's", "middleware.Report.Keys": "the configuration's", "middleware.Misconfigured.Middleware": "the configuration's",
	"middleware.Misconfigured.Keys": "the configuration's", "serve.HeaderReport.Name": "the configuration's", "serve.HeaderReport.Mode": "one of four words",
	"serve.GateReport.Flag": "the configuration's", "serve.GateReport.Decision": "one of four words", "serve.GateReport.Reason": "one of seven words", "serve.GateReport.ErrorCode": "one of OpenFeature's words",
	"serve.SourceReport.Cluster": "the configuration's", "serve.SourceReport.Paths": "the configuration's", "serve.SourceReport.Format": "the configuration's", "serve.SourceReport.Key": "the configuration's",
	"counters.VariantCount.Middleware": "the configuration's", "counters.VariantCount.Rule": "the configuration's", "counters.VariantCount.Flag": "the configuration's",
	"counters.DecisionCount.Middleware": "the configuration's", "counters.DecisionCount.Gate": "the configuration's", "counters.DecisionCount.Decision": "one of four words", "counters.DecisionCount.Reason": "one of seven words",
	"serve.ClosedCount.Middleware": "the configuration's", "serve.ClosedCount.Gate": "the configuration's",
	"serve.MissingValue.Middleware": "the configuration's", "serve.MissingValue.Cluster": "the configuration's", "serve.MissingValue.Path": "the configuration's", "serve.MissingValue.Reason": "one of three words",
}

const marker = "(hide me)"

// fill gives every field of a report something: a text says which field it is of, and begins
// with the marker where it is to be hidden.
func fill(v reflect.Value, field string) {
	text := field
	if shownFields[field] == "" {
		text = marker + field
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), field)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(text))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), field)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Now()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().String()+"."+v.Type().Field(i).Name)
		}
	default:
		panic(fmt.Sprintf("%s is a %s, and the test doesn't know how to fill it", field, v.Kind()))
	}
}

func filled[T any]() *T {
	report := new(T)
	fill(reflect.ValueOf(report).Elem(), "")
	return report
}

// fullSource has a text in every field of every report. What it has below a template's fixed
// beginning is not Own.
func fullSource() *Source {
	cluster := filled[clusters.Report]()
	cluster.Draining = false
	cluster.Cache.Changes[0].Own = false
	tenant := filled[cache.NodeReport]()
	tenant.Own = false
	tenant.Path = marker + "/tenants/acme"
	middlewares := filled[middleware.List]()
	middlewares.Listed[0].Headers[0].PerRequest = false
	undecided := filled[middleware.Report]()
	undecided.Failure = ""
	undecided.Gates[0].Closed = false
	middlewares.Listed = append(middlewares.Listed, undecided)
	list := filled[cache.NodeReport]()
	list.Data = nil
	cluster.Cache.Nodes[0].Children = false
	cluster.Cache.Nodes = append(cluster.Cache.Nodes, tenant, list)
	return &Source{
		Clusters:    func(*cache.NodeSelection) []*clusters.Report { return []*clusters.Report{cluster} },
		Middlewares: func(*middleware.NameSelection) *middleware.List { return middlewares },
		Missing:     func() []*serve.MissingValue { return []*serve.MissingValue{filled[serve.MissingValue]()} },
		Misconfigured: func() []*middleware.Misconfigured {
			return []*middleware.Misconfigured{filled[middleware.Misconfigured]()}
		},
		Decisions: func() []*counters.DecisionCount { return []*counters.DecisionCount{filled[counters.DecisionCount]()} },
		Closed:    func() []*serve.ClosedCount { return []*serve.ClosedCount{filled[serve.ClosedCount]()} },
		Misfits:   func() []*serve.Misfit { return []*serve.Misfit{filled[serve.Misfit]()} },
		Variants:  func() []*counters.VariantCount { return []*counters.VariantCount{filled[counters.VariantCount]()} },
		Panics:    func() int64 { return 7 },
	}
}

var fourAnswers = map[string]string{"json": "?format=json", "html": "?format=html", "metrics": "/metrics", "ready": "/ready"}

func fullAnswer(below string, hide bool) string {
	asked := &serve.StatusRequest{HideValues: hide}
	if below[0] == '/' {
		asked.Subpath = below
	}
	return strings.ReplaceAll(answerOf(fullSource(), "/status"+below, asked).Body.String(), "<wbr/>", "") // where paths may be broken
}

func TestHiddenValuesAreInNoAnswer(t *testing.T) {
	for name, below := range fourAnswers {
		for _, line := range strings.Split(fullAnswer(below, true), "\n") {
			if strings.Contains(line, marker) {
				t.Errorf("%s has %s", name, strings.TrimSpace(line))
			}
		}
	}
}

// What is hidden is there otherwise, so that the test before this one can fail.
func TestValuesThatAreNotHidden(t *testing.T) {
	for _, name := range []string{"json", "html"} {
		shown := fullAnswer(fourAnswers[name], false)
		for _, field := range []string{
			"store.NodeReport.Data", "store.NodeReport.Details", "/tenants/acme", "history.ChangeReport.Path", "middleware.Report.Failure", "serve.HeaderReport.Value",
			"serve.GateReport.Variant", "counters.VariantCount.Variant", "middleware.Misconfigured.Problem",
		} {
			if !strings.Contains(shown, marker+field) {
				t.Errorf("%s lacks %s", name, field)
			}
		}
	}
}

// What is wrong, and where, is told without values too.
func TestWhatIsToldWithoutValues(t *testing.T) {
	for _, name := range []string{"json", "html"} {
		hidden := fullAnswer(fourAnswers[name], true)
		for _, text := range []string{
			"session.Report.Problem", "store.NodeReport.Path", "store.NodeReport.Problem", "cache.TemplateReport.Path", "history.ChangeReport.Template", "history.ChangeReport.Kind",
			"a mistake at middleware.Report.Keys; the log has it", "a mistake at middleware.Misconfigured.Keys; the log has it", "middleware.Misconfigured.Middleware",
			"serve.HeaderReport.Name", "serve.SourceReport.Paths as serve.SourceReport.Format serve.SourceReport.Key", "serve.GateReport.Decision", "serve.GateReport.Reason",
			"serve.GateReport.ErrorCode", "serve.MissingValue.Path", "7 below",
		} {
			if !strings.Contains(hidden, text) {
				t.Errorf("%s lacks %s", name, text)
			}
		}
	}
	for _, name := range []string{"metrics", "ready"} {
		below := fourAnswers[name]
		shown := strings.ReplaceAll(fullAnswer(below, false), marker+"counters.VariantCount.Variant", "(hidden)")
		if hidden := fullAnswer(below, true); hidden != shown {
			t.Errorf("%s without values is\n%s\ninstead of\n%s", name, hidden, shown)
		}
	}
}

// The beginning of a path that is asked for selects among what is shown only. Otherwise it
// could be guessed letter by letter.
func TestHiddenNodesAreNotSelected(t *testing.T) {
	source := emptySource()
	var nodes cache.NodeSelection
	source.Clusters = func(wanted *cache.NodeSelection) []*clusters.Report {
		nodes = *wanted
		return nil
	}
	answerOf(source, "/status?path=/tenants/a", &serve.StatusRequest{HideValues: true})
	if nodes != (cache.NodeSelection{Prefix: "/tenants/a", Limit: 200, Folded: true}) {
		t.Errorf("%+v", nodes)
	}
}

func TestPlacesOfMistakes(t *testing.T) {
	many := make([]string, maxMissing+5)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	for want, keys := range map[string][]string{
		"a mistake; the log has it":                                                          nil,
		"a mistake at gates[0].path; the log has it":                                         {"gates[0].path"},
		"2 mistakes, at cluster, maxStale; the log has them":                                 {"cluster", "maxStale"},
		"25 mistakes, at " + strings.Join(many[:20], ", ") + " and 5 more; the log has them": many,
		"a mistake at a; the log has it":                                                     {"a", "a"},
	} {
		if got := mistakesAt(keys); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
