package status

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// The status as Prometheus reads it, in its text format.

const metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

// clusterLabel names a cluster. A label cluster is one that many scrapers add themselves.
const clusterLabel = "zookeeper_cluster"

var allStates = []session.State{session.StateConnected, session.StateReconnected, session.StateReadOnly, session.StateSuspended, session.StateLost}

func serveMetrics(w http.ResponseWriter, seen *view) {
	w.Header().Set("Content-Type", metricsContentType)
	w.Write([]byte(metricsOf(seen)))
}

// A metric is what all samples of one have in common.
type metric struct{ name, kind, help string }

// An exposition is metrics in Prometheus' text format, line by line.
type exposition struct{ lines []string }

// begin begins a metric. Its samples follow.
func (e *exposition) begin(m metric) {
	e.lines = append(e.lines, "# HELP "+m.name+" "+m.help, "# TYPE "+m.name+" "+m.kind)
}

// sample adds a value. The labels are names and values in turn.
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
	suspiciousFlagsNow = metric{"traefik_zookeeper_suspicious_flags", "gauge", "Flags that are wrong or suspicious, or do not fit a rule that reads them."}
	valueAge           = metric{"traefik_zookeeper_value_age_seconds", "gauge", "For how long no session has vouched for the values; 0 while one does."}
)

// The other metrics.
var (
	connectionState    = metric{"traefik_zookeeper_cluster_state", "gauge", "1 for the state that the connection is in."}
	propagationTime    = metric{"traefik_zookeeper_propagation_seconds", "histogram", "From the event of a change until every request gets it."}
	gateDecisionsTotal = metric{"traefik_zookeeper_gate_decisions_total", "counter", "Decisions of gates about requests."}
	closedGatesNow     = metric{"traefik_zookeeper_closed_gates", "gauge", "Gates that are closed to all requests, but for those that a bypass lets by."}
	evaluationsTotal   = metric{"traefik_zookeeper_flag_evaluations_total", "counter", "Evaluations of flags for requests, by the variant; empty where it is the default."}
	readyNow           = metric{"traefik_zookeeper_ready", "gauge", "1 where every value is loaded and none too old, and every middleware can be used."}
	buildInfo          = metric{"traefik_zookeeper_build_info", "gauge", "1; the versions are labels, and Traefik's is empty where it can't be known."}
	panicsTotal        = metric{"traefik_zookeeper_panics_recovered_total", "counter", "Panics of the plugin that were recovered."}
)

// metricsOf are all metrics of the process.
func metricsOf(seen *view) string {
	inForce := withoutDraining(seen.clusters(&cache.NodeSelection{}))
	e := &exposition{}
	e.addStates(inForce)
	e.addEach(inForce, sessionsTotal, func(c *clusters.Report) float64 { return float64(c.Session.Sessions) })
	e.addEach(inForce, reconnectsTotal, func(c *clusters.Report) float64 { return float64(c.Session.Reconnects) })
	e.addEach(inForce, watchesNow, func(c *clusters.Report) float64 { return float64(c.Session.Watches) })
	e.addEach(inForce, nodesNow, func(c *clusters.Report) float64 { return float64(c.Cache.NodeCount) })
	e.addEach(inForce, refusedValuesTotal, func(c *clusters.Report) float64 { return float64(c.Cache.RefusedValues) })
	e.addEach(inForce, refusedNodesNow, func(c *clusters.Report) float64 { return float64(c.Cache.RefusedNodes) })
	e.addEach(inForce, suspiciousFlagsNow, func(c *clusters.Report) float64 { return float64(c.Cache.SuspiciousFlags) })
	e.addEach(inForce, valueAge, func(c *clusters.Report) float64 { return c.Session.DownFor.Seconds() })
	e.begin(propagationTime)
	for _, c := range inForce {
		e.histogram(propagationTime.name, c.Session.Cluster, c.Cache.Propagation)
	}
	e.begin(gateDecisionsTotal)
	for _, d := range seen.decisions() {
		e.sample(gateDecisionsTotal.name, float64(d.Count), "middleware", d.Middleware, "gate", d.Gate, "decision", d.Decision, "reason", d.Reason)
	}
	e.begin(closedGatesNow)
	for _, c := range seen.closed() {
		e.sample(closedGatesNow.name, float64(c.Closed), "middleware", c.Middleware, "gate", c.Gate)
	}
	e.begin(evaluationsTotal)
	for _, v := range seen.variants() {
		e.sample(evaluationsTotal.name, float64(v.Count), "middleware", v.Middleware, "rule", v.Rule, "flag", v.Flag, "variant", v.Variant)
	}
	e.begin(readyNow)
	e.sample(readyNow.name, oneIf(len(seen.missing()) == 0))
	e.begin(panicsTotal)
	e.sample(panicsTotal.name, float64(seen.panics()))
	e.begin(buildInfo)
	e.sample(buildInfo.name, 1, "version", Version, "traefik_version", traefikVersion())
	return strings.Join(e.lines, "\n") + "\n"
}

// withoutDraining leaves out the clusters that drain, whose names others have now.
func withoutDraining(reports []*clusters.Report) []*clusters.Report {
	var inForce []*clusters.Report
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

// addStates adds a sample for each state of each cluster, 1 for the present one.
func (e *exposition) addStates(inForce []*clusters.Report) {
	e.begin(connectionState)
	for _, c := range inForce {
		for _, state := range allStates {
			e.sample(connectionState.name, oneIf(c.Session.State == state), clusterLabel, c.Session.Cluster, "state", string(state))
		}
	}
}

// addEach adds a metric with a sample of each cluster.
func (e *exposition) addEach(inForce []*clusters.Report, m metric, valueOf func(*clusters.Report) float64) {
	e.begin(m)
	for _, c := range inForce {
		e.sample(m.name, valueOf(c), clusterLabel, c.Session.Cluster)
	}
}

// histogram adds the samples of a cluster, whose buckets are cumulative.
func (e *exposition) histogram(name, cluster string, took *cache.PropagationReport) {
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
