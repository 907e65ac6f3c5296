package zookeeper

import (
	"fmt"
	"strings"
	"time"
)

// What the status says of middlewares. Traefik makes an instance for each router
// that uses one; these are told as one.

type middlewareReport struct {
	Name      string          `json:"name"`
	Instances int             `json:"instances"`
	Error     string          `json:"error"`
	Headers   []*headerReport `json:"headers"`
	Gates     []*gateReport   `json:"gates"`
}

type headerReport struct {
	Name       string `json:"name"`
	Response   bool   `json:"response"`
	Mode       string `json:"mode"`
	From       string `json:"from"`
	Cluster    string `json:"cluster"`
	Value      string `json:"value"`
	PerRequest bool   `json:"perRequest"`
}

type gateReport struct {
	Flag      string                      `json:"flag"`
	From      string                      `json:"from"`
	Cluster   string                      `json:"cluster"`
	Decision  string                      `json:"decision"` // empty where it depends on the request
	Variant   string                      `json:"variant"`
	Reason    string                      `json:"reason"`
	ErrorCode string                      `json:"errorCode"`
	Status    int                         `json:"status"`
	Decisions map[string]map[string]int64 `json:"decisions"` // by decision and reason
}

// addMiddlewares reports one of the live instances of each.
func (r *registry) addMiddlewares(status *statusReport, sel *selection) {
	chosen := map[string]*instance{}
	counts := map[string]int{}
	for _, inst := range r.liveInstances() {
		chosen[inst.name] = inst
		counts[inst.name] += inst.routers()
	}
	status.MiddlewareCount = len(chosen)
	status.Middlewares = []*middlewareReport{}
	now := time.Now()
	for _, name := range sortedKeys(chosen) {
		if len(status.Middlewares) < mostListed && strings.HasPrefix(name, sel.named) {
			m := chosen[name].report(now, sel.hidden)
			m.Instances = counts[name]
			status.Middlewares = append(status.Middlewares, m)
		}
	}
}

func (r *registry) liveInstances() []*instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	var live []*instance
	for inst := range r.instances {
		if inst.live() {
			live = append(live, inst)
		}
	}
	return live
}

func (inst *instance) report(now time.Time, hidden bool) *middlewareReport {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	report := &middlewareReport{Name: inst.name, Headers: []*headerReport{}, Gates: []*gateReport{}}
	if inst.failure != nil {
		report.Error = inst.failure.Error()
	}
	s := snapshotOf(inst, &moment{now: now, maxStale: inst.rules.maxStale})
	for _, rule := range inst.rules.headers {
		report.Headers = append(report.Headers, reportHeader(rule, s, hidden))
	}
	for i, g := range s.gates {
		report.Gates = append(report.Gates, reportGate(g, inst.tallies[i]))
	}
	return report
}

func reportHeader(rule *headerRule, s *snapshot, hidden bool) *headerReport {
	report := &headerReport{Name: rule.name, Response: rule.response, Mode: rule.mode}
	if rule.source != nil {
		report.From = rule.source.describe()
		report.Cluster = rule.source.cluster
	}
	if s.decider != nil {
		for _, late := range s.decider.headers {
			report.PerRequest = report.PerRequest || late.rule == rule
		}
	}
	names, values := s.names, s.values
	if rule.response {
		names, values = s.response.lists()
	}
	for i, name := range names {
		if name == rule.name && !hidden && !report.PerRequest {
			report.Value = shown(values[i][0])
		}
	}
	return report
}

func (r *response) lists() ([]string, [][]string) {
	if r == nil {
		return nil, nil
	}
	return r.names, r.values
}

func reportGate(g *gateState, t *tally) *gateReport {
	report := &gateReport{
		Flag: g.gate.label, From: g.gate.source.describe(), Cluster: g.gate.source.cluster, Status: g.refusal.status,
		Decisions: map[string]map[string]int64{},
	}
	fixed := g.verdict.fixed()
	if fixed != nil {
		report.Variant = shown(fixed.Variant)
		report.Reason = fixed.Reason
		report.ErrorCode = fixed.ErrorCode
	}
	if !g.depends() {
		report.Decision = decisionOf(g, fixed, nil)
	}
	t.each(func(decision, reason string, count int64) {
		if report.Decisions[decision] == nil {
			report.Decisions[decision] = map[string]int64{}
		}
		report.Decisions[decision][reason] = count
	})
	return report
}

// describe is a source as the configuration has it.
func (s *source) describe() string {
	var paths []string
	for _, at := range s.places {
		paths = append(paths, at.text)
	}
	words := strings.Join(paths, ", ") + " as " + s.format
	if s.key != "" {
		words += " " + s.key
	}
	return words
}

// mostWaiting reasons not to be ready are told.
const mostWaiting = 20

// waiting is what the cache lacks: values that have not been loaded yet, or are
// older than maxStale allows.
func (r *registry) waiting() []string {
	lacks := map[string]bool{}
	now := time.Now()
	for _, inst := range r.liveInstances() {
		for _, lack := range inst.waiting(now) {
			lacks[lack] = true
		}
	}
	all := sortedKeys(lacks)
	if len(all) > mostWaiting {
		rest := len(all) - mostWaiting
		all = append(all[:mostWaiting], fmt.Sprintf("and %d more", rest))
	}
	return all
}

func (inst *instance) waiting(now time.Time) []string {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	var lacks []string
	for _, in := range inst.inputs {
		if len(inForce(in)) == 0 {
			lacks = append(lacks, "middleware "+inst.name+": nobody defines "+clusterWords(in.source.cluster))
		}
		seen := see(in, &moment{now: now, maxStale: inst.rules.maxStale})
		for i, s := range inForce(in) {
			switch {
			case !s.isLoaded():
				lacks = append(lacks, "cluster "+poolOf(s).name+": "+in.source.places[i].text+" is not loaded")
			case !seen[i].known:
				lacks = append(lacks, "cluster "+poolOf(s).name+": "+in.source.places[i].text+" is older than maxStale allows middleware "+inst.name)
			}
		}
	}
	return lacks
}

func clusterWords(name string) string {
	if name == onlyCluster {
		return "the one cluster that it reads from"
	}
	return "cluster " + name
}
