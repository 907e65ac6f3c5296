package zookeeper

import (
	"strings"
	"testing"
	"time"
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
	took := &propagationReport{Bounds: []time.Duration{time.Millisecond, time.Second}, Counts: []int64{3, 0, 2}, Total: 1500 * time.Millisecond}
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
	source.clusters = func(wanted *nodeSelection) []*clusterReport {
		if wanted.Limit != 0 {
			t.Errorf("metrics list %d nodes", wanted.Limit)
		}
		drained := clusterNamed("main")
		drained.Draining = true
		drained.Session.Sessions = 7
		return []*clusterReport{clusterNamed("main"), clusterNamed("other"), drained}
	}
	text := newStatus(source).metrics()
	if strings.Count(text, `traefik_zookeeper_sessions_total{`) != 2 || strings.Contains(text, "} 7\n") {
		t.Error(text)
	}
}

func TestEachStateIsASample(t *testing.T) {
	source := emptySource()
	source.clusters = func(*nodeSelection) []*clusterReport { return []*clusterReport{clusterNamed("main")} }
	text := newStatus(source).metrics()
	if strings.Count(text, "traefik_zookeeper_cluster_state{") != 5 || !strings.Contains(text, `state="suspended"} 1`) || !strings.Contains(text, `state="connected"} 0`) {
		t.Error(text)
	}
}

func TestTheMetricOfReadiness(t *testing.T) {
	source := emptySource()
	if text := newStatus(source).metrics(); !strings.Contains(text, "\ntraefik_zookeeper_ready 1\n") {
		t.Error(text)
	}
	source.missing = func() []*missingValue { return []*missingValue{{Cluster: "main", Path: "/a", Reason: notLoaded}} }
	if text := newStatus(source).metrics(); !strings.Contains(text, "\ntraefik_zookeeper_ready 0\n") {
		t.Error(text)
	}
}
