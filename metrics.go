package zookeeper

import (
	"net/http"
	"strconv"
	"strings"
)

// The status as Prometheus reads it, in its text format.

const metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

// clusterLabel is no plain cluster, since that is what many scrapers call their own.
const clusterLabel = "zookeeper_cluster"

var allStates = []State{StateConnected, StateReconnected, StateReadOnly, StateSuspended, StateLost}

func (s *status) serveMetrics(w http.ResponseWriter) {
	w.Header().Set("Content-Type", metricsContentType)
	w.Write([]byte(s.metrics()))
}

// A metric is what all samples of one have in common.
type metric struct{ name, kind, help string }

// exposition collects the lines.
type exposition struct{ lines []string }

func (e *exposition) begin(m metric) {
	e.lines = append(e.lines, "# HELP "+m.name+" "+m.help, "# TYPE "+m.name+" "+m.kind)
}

// sample adds a value; the labels are names and values in turn.
func (e *exposition) sample(name string, value float64, labels ...string) {
	var pairs []string
	for i := 0; i+1 < len(labels); i += 2 {
		pairs = append(pairs, labels[i]+`="`+labelEscapes.Replace(labels[i+1])+`"`)
	}
	if len(pairs) > 0 {
		name += "{" + strings.Join(pairs, ",") + "}"
	}
	e.lines = append(e.lines, name+" "+strconv.FormatFloat(value, 'g', -1, 64))
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// The metrics of which each cluster has one sample.
var (
	sessionsTotal      = metric{"traefik_zookeeper_sessions_total", "counter", "Sessions made."}
	reconnectsTotal    = metric{"traefik_zookeeper_reconnects_total", "counter", "Connections after the first one."}
	watchesNow         = metric{"traefik_zookeeper_watches", "gauge", "Watches set at the server."}
	nodesNow           = metric{"traefik_zookeeper_nodes", "gauge", "Nodes that are followed."}
	refusedValuesTotal = metric{"traefik_zookeeper_refused_values_total", "counter", "Versions of nodes that could not be used."}
	refusedNodesNow    = metric{"traefik_zookeeper_refused_nodes", "gauge", "Nodes whose present version can not be used."}
	valueAge           = metric{"traefik_zookeeper_value_age_seconds", "gauge", "For how long no session has vouched for the values; 0 while one does."}
)

// The other metrics.
var (
	connectionState    = metric{"traefik_zookeeper_cluster_state", "gauge", "1 for the state that the connection is in."}
	propagationTime    = metric{"traefik_zookeeper_propagation_seconds", "histogram", "From the event of a change until every request gets it."}
	gateDecisionsTotal = metric{"traefik_zookeeper_gate_decisions_total", "counter", "Decisions of gates about requests."}
	readyNow           = metric{"traefik_zookeeper_ready", "gauge", "1 where every value is loaded and none too old."}
	panicsTotal        = metric{"traefik_zookeeper_panics_recovered_total", "counter", "Panics of the plugin that were recovered."}
)

func (s *status) metrics() string {
	inForce := withoutDraining(s.source.clusters(&nodeSelection{}))
	e := &exposition{}
	e.addStates(inForce)
	e.addEach(inForce, sessionsTotal, func(c *clusterReport) float64 { return float64(c.Session.Sessions) })
	e.addEach(inForce, reconnectsTotal, func(c *clusterReport) float64 { return float64(c.Session.Reconnects) })
	e.addEach(inForce, watchesNow, func(c *clusterReport) float64 { return float64(c.Session.Watches) })
	e.addEach(inForce, nodesNow, func(c *clusterReport) float64 { return float64(c.Cache.NodeCount) })
	e.addEach(inForce, refusedValuesTotal, func(c *clusterReport) float64 { return float64(c.Cache.RefusedValues) })
	e.addEach(inForce, refusedNodesNow, func(c *clusterReport) float64 { return float64(c.Cache.RefusedNodes) })
	e.addEach(inForce, valueAge, func(c *clusterReport) float64 { return c.Session.DownFor.Seconds() })
	e.begin(propagationTime)
	for _, c := range inForce {
		e.histogram(propagationTime.name, c.Session.Cluster, c.Cache.Propagation)
	}
	e.begin(gateDecisionsTotal)
	for _, d := range s.source.decisions() {
		e.sample(gateDecisionsTotal.name, float64(d.Count), "middleware", d.Middleware, "gate", d.Gate, "decision", d.Decision, "reason", d.Reason)
	}
	e.begin(readyNow)
	e.sample(readyNow.name, oneIf(len(s.source.missing()) == 0))
	e.begin(panicsTotal)
	e.sample(panicsTotal.name, float64(s.source.panics()))
	return strings.Join(e.lines, "\n") + "\n"
}

// withoutDraining leaves out the clusters that drain, whose names others have now.
func withoutDraining(reports []*clusterReport) []*clusterReport {
	var inForce []*clusterReport
	for _, c := range reports {
		if !c.Draining {
			inForce = append(inForce, c)
		}
	}
	return inForce
}

func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

func (e *exposition) addStates(inForce []*clusterReport) {
	e.begin(connectionState)
	for _, c := range inForce {
		for _, state := range allStates {
			e.sample(connectionState.name, oneIf(c.Session.State == state), clusterLabel, c.Session.Cluster, "state", string(state))
		}
	}
}

// addEach adds a metric with a sample of each cluster.
func (e *exposition) addEach(inForce []*clusterReport, m metric, valueOf func(*clusterReport) float64) {
	e.begin(m)
	for _, c := range inForce {
		e.sample(m.name, valueOf(c), clusterLabel, c.Session.Cluster)
	}
}

func (e *exposition) histogram(name, cluster string, took *propagationReport) {
	count := int64(0)
	for i, n := range took.Counts {
		count += n
		bound := "+Inf"
		if i < len(took.Bounds) {
			bound = strconv.FormatFloat(took.Bounds[i].Seconds(), 'g', -1, 64)
		}
		e.sample(name+"_bucket", float64(count), clusterLabel, cluster, "le", bound)
	}
	e.sample(name+"_sum", took.Total.Seconds(), clusterLabel, cluster)
	e.sample(name+"_count", float64(count), clusterLabel, cluster)
}
