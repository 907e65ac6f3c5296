package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	grafana "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

func example(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root(), "examples", "grafana", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// source is what each panel and variable of the dashboard gets its data from.
const source = "${datasource}"

type dashboard struct {
	Title, UID string
	ID         *int
	Templating struct {
		List []struct {
			Name, Type string
			Definition string
			Datasource struct{ UID string }
		}
	}
	Panels []struct {
		ID          int
		Title, Type string
		GridPos     struct{ X, Y, W, H int }
		Datasource  struct{ UID string }
		Targets     []struct {
			Expr, LegendFormat string
			Datasource         struct{ UID string }
		}
	}
}

var labelValues = regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)

// dashboards: the dashboard and the alerts ask for what Traefik tells.
func dashboards(t *testing.T, s *stage) {
	text, err := s.get("/metrics")
	if err != nil {
		t.Fatal(err)
	}
	e, err := exposed(text)
	if err != nil {
		t.Fatal(err)
	}
	conformsToGrafana(t, example(t, "dashboard.json"))
	var d dashboard
	if err := json.Unmarshal(example(t, "dashboard.json"), &d); err != nil || d.Title == "" || d.UID == "" || d.ID != nil {
		t.Fatalf("%v, %+v", err, d)
	}
	variables := map[string]bool{"__rate_interval": true}
	for _, v := range d.Templating.List {
		variables[v.Name] = true
		asked := labelValues.FindStringSubmatch(v.Definition)
		switch {
		case v.Type == "datasource":
		case asked == nil || v.Datasource.UID != source:
			t.Errorf("variable %+v", v)
		default:
			e.check(t, fmt.Sprintf("%s{%s!=\"\"}", asked[1], asked[2]), variables)
		}
	}
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || p.GridPos.X+p.GridPos.W > 24 || len(p.Targets) == 0 || p.Datasource.UID != source {
			t.Errorf("panel %+v", p)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			if target.Datasource.UID != source {
				t.Errorf("%s asks %s", p.Title, target.Datasource.UID)
			}
			e.check(t, target.Expr, variables)
		}
	}
	var alerts struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(example(t, "alerts.yml"), &alerts); err != nil || len(alerts.Groups) != 1 {
		t.Fatalf("%v, %+v", err, alerts)
	}
	for _, rule := range alerts.Groups[0].Rules {
		if rule.Alert == "" || rule.Annotations["summary"] == "" || rule.Labels["severity"] == "" {
			t.Errorf("%+v", rule)
		}
		if rule.For != "" {
			if _, err := model.ParseDuration(rule.For); err != nil {
				t.Errorf("%s: %v", rule.Alert, err)
			}
		}
		e.check(t, rule.Expr, nil)
	}
	for name := range e {
		if family := strings.TrimSuffix(name, "_sum"); !asked(family, d, string(example(t, "alerts.yml"))) {
			t.Errorf("nothing asks for %s", family)
		}
	}
}

// An exposition is the labels of each metric that can be asked for.
type exposition map[string][]string

func exposed(text string) (exposition, error) {
	p := expfmt.NewTextParser(model.LegacyValidation)
	families, err := p.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	e := exposition{"up": {"instance", "job"}} // which Prometheus adds
	for name, family := range families {
		labels := []string{"instance", "job"} // Prometheus' own
		for _, label := range family.GetMetric()[0].GetLabel() {
			labels = append(labels, label.GetName())
		}
		if family.GetType() != dto.MetricType_HISTOGRAM {
			e[name] = labels
			continue
		}
		e[name+"_count"], e[name+"_sum"], e[name+"_bucket"] = labels, labels, append([]string{"le"}, labels...)
	}
	if len(families) == 0 {
		err = errors.New("no metrics")
	}
	return e, err
}

var variable = regexp.MustCompile(`\$(\w+)`)

// check parses a query and looks for its metrics and their labels.
func (e exposition) check(t *testing.T, query string, variables map[string]bool) {
	t.Helper()
	for _, v := range variable.FindAllStringSubmatch(query, -1) {
		if !variables[v[1]] {
			t.Errorf("%s: no variable %s", query, v[1])
		}
	}
	parsed, err := parser.ParseExpr(strings.ReplaceAll(query, "$__rate_interval", "5m"))
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return
	}
	var metrics, labels []string
	parser.Inspect(parsed, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			metrics = append(metrics, n.Name)
			for _, m := range n.LabelMatchers {
				if m.Name != model.MetricNameLabel {
					labels = append(labels, m.Name)
				}
			}
		case *parser.AggregateExpr:
			labels = append(labels, n.Grouping...)
		}
		return nil
	})
	for _, metric := range metrics {
		for _, label := range labels {
			if !slices.Contains(e[metric], label) {
				t.Errorf("%s: %s has no label %s, only %q", query, metric, label, e[metric])
			}
		}
		if e[metric] == nil {
			t.Errorf("%s: there is no metric %s", query, metric)
		}
	}
	if len(metrics) == 0 {
		t.Errorf("%s asks for nothing", query)
	}
}

// conformsToGrafana has the types that Grafana publishes for dashboards read one. They refuse
// what they don't know, and what they lack.
func conformsToGrafana(t *testing.T, text []byte) {
	t.Helper()
	types := cog.NewRuntime()
	types.RegisterPanelcfgVariant(stat.VariantConfig())
	types.RegisterPanelcfgVariant(timeseries.VariantConfig())
	types.RegisterDataqueryVariant(prometheus.VariantConfig())
	//lint:ignore SA1019 it is the form that all of Grafana's versions import
	d := grafana.Dashboard{}
	if err := d.UnmarshalJSONStrict(text); err != nil && err.Error() != "" { // it is never nil
		t.Errorf("not as Grafana has it:\n%v", err)
	}
	if err := d.Validate(); err != nil {
		t.Errorf("not as Grafana wants it:\n%v", err)
	}
}

// asked tells whether a panel or an alert is about a metric.
func asked(name string, d dashboard, alerts string) bool {
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			if strings.Contains(target.Expr, name) {
				return true
			}
		}
	}
	return strings.Contains(alerts, name)
}
