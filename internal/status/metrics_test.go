package status

import (
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

func TestLabelsAreQuoted(t *testing.T) {
	e := &exposition{}
	e.sample("m", 1.5, "a", `say "\hi"`+"\n", "b", "é")
	if want := `m{a="say \"\\hi\"\n",b="é"} 1.5`; e.lines[0] != want {
		t.Errorf("%s\nwant %s", e.lines[0], want)
	}
}

func TestASampleWithoutLabels(t *testing.T) {
	e := &exposition{}
	e.sample("m", 1e21)
	e.sample("m", 3)
	if got := strings.Join(e.lines, ", "); got != "m 1e+21, m 3" {
		t.Error(got)
	}
}

func TestAHistogramIsCumulative(t *testing.T) {
	e := &exposition{}
	took := &cache.PropagationReport{Bounds: []time.Duration{time.Millisecond, time.Second}, Counts: []int64{3, 0, 2}, Total: 1500 * time.Millisecond}
	e.histogram("m", "main", took)
	want := []string{
		`m_bucket{zookeeper_cluster="main",le="0.001"} 3`, `m_bucket{zookeeper_cluster="main",le="1"} 3`, `m_bucket{zookeeper_cluster="main",le="+Inf"} 5`,
		`m_sum{zookeeper_cluster="main"} 1.5`, `m_count{zookeeper_cluster="main"} 5`,
	}
	if got := strings.Join(e.lines, "\n"); got != strings.Join(want, "\n") {
		t.Error(got)
	}
}

func TestMetricsLeaveOutClustersThatDrain(t *testing.T) {
	source := emptySource()
	source.Clusters = func(wanted *cache.NodeSelection) []*clusters.Report {
		if wanted.Limit != 0 {
			t.Errorf("metrics list %d nodes", wanted.Limit)
		}
		drained := clusterNamed("main")
		drained.Draining = true
		drained.Session.Sessions = 7
		return []*clusters.Report{clusterNamed("main"), clusterNamed("other"), drained}
	}
	text := metricsOf(&view{source: source})
	if strings.Count(text, `traefik_zookeeper_sessions_total{`) != 2 || strings.Contains(text, "} 7\n") {
		t.Error(text)
	}
}

func TestEachStateIsASample(t *testing.T) {
	source := emptySource()
	source.Clusters = func(*cache.NodeSelection) []*clusters.Report { return []*clusters.Report{clusterNamed("main")} }
	text := metricsOf(&view{source: source})
	if strings.Count(text, "traefik_zookeeper_cluster_state{") != 5 || !strings.Contains(text, `state="suspended"} 1`) || !strings.Contains(text, `state="connected"} 0`) {
		t.Error(text)
	}
}

func TestTheMetricOfReadiness(t *testing.T) {
	source := emptySource()
	if text := metricsOf(&view{source: source}); !strings.Contains(text, "\ntraefik_zookeeper_ready 1\n") {
		t.Error(text)
	}
	source.Missing = func() []*serve.MissingValue {
		return []*serve.MissingValue{{Cluster: "main", Path: "/a", Reason: serve.NotLoaded}}
	}
	if text := metricsOf(&view{source: source}); !strings.Contains(text, "\ntraefik_zookeeper_ready 0\n") {
		t.Error(text)
	}
}
