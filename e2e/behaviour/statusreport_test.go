package behaviour

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// report is the status in JSON, as its users read it.
type report struct {
	Ready           bool
	Waiting         []string
	PanicsRecovered int
	Clusters        []*clusterReport
	MiddlewareCount int
	Middlewares     []*middlewareReport
	Mistakes        []struct{ Middleware, Error string }
}

type clusterReport struct {
	Name, Chroot, State, Since, Server, Session, Problem                      string
	Servers                                                                   []string
	SessionTimeoutMs, Sessions, Reconnects, Watches, RefusedValues, NodeCount int
	RefusedNodes, SuspiciousFlags                                             int
	Nodes                                                                     []*nodeReport
	Templates                                                                 []*templateReport
	TemplateNodes                                                             int
	Changes                                                                   []struct {
		Path, Kind   string
		Version      int
		Milliseconds float64
	}
	ChangesPerMinute []int
	Propagation      []struct{ Changes int }
}

type nodeReport struct {
	Path, Reads, Value, Modified, StaleSince, Watch, Problem string
	Exists, Loaded                                           bool
	Version, Users, Suspicious                               int
	Findings                                                 []string
}

type templateReport struct {
	Path, RefusedSince, StaleSince string
	Nodes, NotLoaded, Refused      int
	Suspicious                     int
}

type middlewareReport struct {
	Name, Error string
	Instances   int
	Headers     []struct {
		Name, Mode, From, Cluster, Value string
		Response, PerRequest             bool
		Findings                         []string
	}
	Gates []struct {
		Flag, From, Cluster, Decision, Variant, Reason, ErrorCode string
		Status                                                    int
		Findings                                                  []string
		Decisions                                                 map[string]map[string]int
	}
}

const statusLine = "statusPath: /.zookeeper\n"

// named starts a middleware of that name.
func (s *suite) named(t *testing.T, name, config string) *instance {
	t.Helper()
	decoded, err := plugin.FromYAML(config)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := s.tryNamed(t, name, decoded)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func (inst *instance) statusAt(t *testing.T, below string) answer {
	t.Helper()
	a := inst.send(http.MethodGet, "", "/.zookeeper"+below)
	if a.service != nil {
		t.Fatalf("/.zookeeper%s went on to the service", below)
	}
	a.body = strings.ReplaceAll(a.body, "<wbr/>", "") // where the page lets paths be broken
	return a
}

func (inst *instance) report(t *testing.T, query string) *report {
	t.Helper()
	a := inst.statusAt(t, "?format=json"+query)
	r := &report{}
	if err := json.Unmarshal([]byte(a.body), r); err != nil || a.status != http.StatusOK || a.answer.Get("Content-Type") != "application/json" {
		t.Fatalf("%d, %s, %v\n%s", a.status, a.answer.Get("Content-Type"), err, a.body)
	}
	return r
}

func (r *report) cluster(t *testing.T, name string) *clusterReport {
	t.Helper()
	i := slices.IndexFunc(r.Clusters, func(c *clusterReport) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no cluster %s", name)
	}
	return r.Clusters[i]
}

func (r *report) middleware(t *testing.T, name string) *middlewareReport {
	t.Helper()
	i := slices.IndexFunc(r.Middlewares, func(m *middlewareReport) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("no middleware %s", name)
	}
	return r.Middlewares[i]
}

// node is the report of a path, or an empty one.
func (c *clusterReport) node(path string) nodeReport {
	for _, n := range c.Nodes {
		if n.Path == path {
			return *n
		}
	}
	return nodeReport{}
}

// series are the metrics by their names, parsed and found to be in order.
func (inst *instance) series(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	a := inst.statusAt(t, "/metrics")
	families, err := parseMetrics(a.body)
	if err != nil || a.answer.Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" {
		t.Fatalf("%v, %s\n%s", err, a.answer.Get("Content-Type"), a.body)
	}
	return families
}

func parseMetrics(text string) (map[string]*dto.MetricFamily, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	for _, p := range problems {
		err = errors.Join(err, fmt.Errorf("%s: %s", p.Metric, p.Text))
	}
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		name := line[:strings.LastIndex(line, " ")]
		if seen[name] && !strings.HasPrefix(line, "#") {
			err = errors.Join(err, errors.New("twice: "+name))
		}
		seen[name] = true
	}
	return families, err
}

// value of a metric with labels, names and values in turn; -1 where there is none.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families["traefik_zookeeper_"+name].GetMetric() {
		matches := 0
		for _, label := range m.GetLabel() {
			for i := 0; i < len(labels); i += 2 {
				if label.GetName() == labels[i] && label.GetValue() == labels[i+1] {
					matches++
				}
			}
		}
		if 2*matches == len(labels) {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return -1
}
