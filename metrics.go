package zookeeper

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The status as Prometheus reads it, in its text format.

const metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

// clusterLabel is no plain cluster, since that is what many scrapers call their own.
const clusterLabel = "zookeeper_cluster"

var allStates = []State{StateConnected, StateReconnected, StateReadOnly, StateSuspended, StateLost}

func serveMetrics(w http.ResponseWriter) {
	w.Header().Set("Content-Type", metricsContentType)
	w.Write([]byte(clusters.metrics()))
}

// exposition collects the lines.
type exposition struct{ lines []string }

// family begins a metric.
func (e *exposition) family(name, kind, help string) {
	e.lines = append(e.lines, "# HELP "+name+" "+help, "# TYPE "+name+" "+kind)
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

func (r *registry) metrics() string {
	e := &exposition{}
	now := time.Now()
	pools := inForceOf(r.pools())
	reports := map[*pool]*clusterReport{}
	for _, p := range pools {
		reports[p] = p.report(now, &selection{below: noNodes})
	}
	e.family("traefik_zookeeper_cluster_state", "gauge", "1 for the state that the connection is in.")
	for _, p := range pools {
		for _, state := range allStates {
			e.sample("traefik_zookeeper_cluster_state", oneIf(reports[p].State == string(state)), clusterLabel, p.name, "state", string(state))
		}
	}
	e.each(pools, reports, "sessions_total", "counter", "Sessions made.", func(c *clusterReport) float64 { return float64(c.Sessions) })
	e.each(pools, reports, "reconnects_total", "counter", "Connections after the first one.", func(c *clusterReport) float64 { return float64(c.Reconnects) })
	e.each(pools, reports, "watches", "gauge", "Watches set at the server.", func(c *clusterReport) float64 { return float64(c.Watches) })
	e.each(pools, reports, "nodes", "gauge", "Nodes that are followed.", func(c *clusterReport) float64 { return float64(c.NodeCount) })
	e.each(pools, reports, "refused_values_total", "counter", "Versions of nodes that could not be used.", func(c *clusterReport) float64 { return float64(c.RefusedValues) })
	e.each(pools, reports, "refused_nodes", "gauge", "Nodes whose present version can not be used.", func(c *clusterReport) float64 { return float64(c.RefusedNodes) })
	e.family("traefik_zookeeper_value_age_seconds", "gauge", "For how long no session has vouched for the values; 0 while one does.")
	for _, p := range pools {
		e.sample("traefik_zookeeper_value_age_seconds", p.downFor(now).Seconds(), clusterLabel, p.name)
	}
	e.family("traefik_zookeeper_propagation_seconds", "histogram", "From the event of a change until every request gets it.")
	for _, p := range pools {
		e.histogram("traefik_zookeeper_propagation_seconds", p)
	}
	e.family("traefik_zookeeper_gate_decisions_total", "counter", "Decisions of gates about requests.")
	for _, t := range r.allTallies() {
		e.tally("traefik_zookeeper_gate_decisions_total", t)
	}
	e.family("traefik_zookeeper_ready", "gauge", "1 where every value is loaded and none too old.")
	e.sample("traefik_zookeeper_ready", oneIf(len(r.waiting()) == 0))
	e.family("traefik_zookeeper_panics_recovered_total", "counter", "Panics of the plugin that were recovered.")
	e.sample("traefik_zookeeper_panics_recovered_total", float64(panics.Load()))
	return strings.Join(e.lines, "\n") + "\n"
}

// inForceOf leaves out the pools that drain, after a change of the cluster's settings.
func inForceOf(pools []*pool) []*pool {
	seen := map[string]bool{}
	var inForce []*pool
	for _, p := range pools {
		if !seen[p.name] {
			seen[p.name] = true
			inForce = append(inForce, p)
		}
	}
	return inForce
}

// noNodes is below no node.
const noNodes = "none"

func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// each adds a metric of clusters.
func (e *exposition) each(pools []*pool, reports map[*pool]*clusterReport, name, kind, help string, of func(*clusterReport) float64) {
	e.family("traefik_zookeeper_"+name, kind, help)
	for _, p := range pools {
		e.sample("traefik_zookeeper_"+name, of(reports[p]), clusterLabel, p.name)
	}
}

func (e *exposition) histogram(name string, p *pool) {
	buckets, total := p.journal.propagation()
	count := int64(0)
	for i, n := range buckets {
		count += n
		bound := "+Inf"
		if i < len(propagationBounds) {
			bound = strconv.FormatFloat(propagationBounds[i].Seconds(), 'g', -1, 64)
		}
		e.sample(name+"_bucket", float64(count), clusterLabel, p.name, "le", bound)
	}
	e.sample(name+"_sum", total.Seconds(), clusterLabel, p.name)
	e.sample(name+"_count", float64(count), clusterLabel, p.name)
}

func (e *exposition) tally(name string, t *tally) {
	t.each(func(decision, reason string, count int64) {
		e.sample(name, float64(count), "middleware", t.middleware, "gate", t.gate, "decision", decision, "reason", reason)
	})
}

func (r *registry) allTallies() []*tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*tally
	for _, id := range sortedKeys(r.tallies) {
		all = append(all, r.tallies[id])
	}
	return all
}

func (p *pool) downFor(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.downSince.IsZero() || !p.started {
		return 0
	}
	return now.Sub(p.downSince)
}
