package zookeeper

import "time"

// What is told of the header rules and gates of a snapshot, and of the values that it
// lacks.

// A headerReport is a header that a middleware sets or removes.
type headerReport struct {
	Name       string
	Response   bool // it is one of the response
	Mode       string
	Source     *sourceReport // nil where the header is removed
	Value      string
	PerRequest bool // the value depends on the request, so that it isn't here
}

// A gateReport is a gate with its present decision.
type gateReport struct {
	Flag      string
	Source    *sourceReport
	Decision  string // empty where it depends on the request
	Variant   string
	Reason    string
	ErrorCode string
	Status    int // of the answer where it is closed
	Decisions []*decisionCount
}

// A decisionCount is how often the gates of a middleware with one flag came to a decision.
type decisionCount struct {
	Middleware string
	Gate       string // the flag
	Decision   string
	Reason     string
	Count      int64
}

// A sourceReport is where a value comes from, as the configuration has it.
type sourceReport struct {
	Cluster string // empty for the only one there is
	Paths   []string
	Format  string
	Key     string
}

// A missingValue is what a middleware would read and has to do without.
type missingValue struct {
	Middleware string
	Cluster    string // empty for the only one there is
	Path       string // empty where the cluster is missing
	Reason     string
}

// The reasons why a value is missing.
const (
	missingCluster = "nobody defines the cluster"
	notLoaded      = "it is not loaded"
	tooOld         = "it is older than maxStale allows"
)

func headerReportsOf(s *snapshot, rules []*compiledHeader) []*headerReport {
	var reports []*headerReport
	for _, rule := range rules {
		report := &headerReport{Name: rule.name, Response: rule.response, Mode: rule.mode, PerRequest: isLate(s, rule)}
		if rule.source != nil {
			report.Source = sourceReportOf(rule.source)
		}
		if !report.PerRequest {
			report.Value = s.valueOf(rule)
		}
		reports = append(reports, report)
	}
	return reports
}

// isLate tells whether a rule's value is worked out for each request.
func isLate(s *snapshot, rule *compiledHeader) bool {
	if s.decider == nil {
		return false
	}
	for _, late := range s.decider.headers {
		if late.rule == rule {
			return true
		}
	}
	return false
}

// valueOf is what the snapshot sets a rule's header to, for all requests.
func (s *snapshot) valueOf(rule *compiledHeader) string {
	names, values := s.names, s.values
	if rule.response {
		names, values = s.response.lists()
	}
	value := ""
	for i, name := range names {
		if name == rule.name {
			value = values[i][0]
		}
	}
	return value
}

func (r *response) lists() ([]string, [][]string) {
	if r == nil {
		return nil, nil
	}
	return r.names, r.values
}

func sourceReportOf(s *source) *sourceReport {
	report := &sourceReport{Cluster: s.cluster, Format: s.format, Key: s.key}
	for _, at := range s.places {
		report.Paths = append(report.Paths, at.text)
	}
	return report
}

// gateReportsOf goes through a snapshot's gates and what was counted of each.
func gateReportsOf(s *snapshot, tallies []*decisionCounters) []*gateReport {
	var reports []*gateReport
	for i, g := range s.gates {
		report := gateReportOf(g)
		report.Decisions = decisionCountsOf(tallies[i])
		reports = append(reports, report)
	}
	return reports
}

// decisionCountsOf are those of the decisions that were made.
func decisionCountsOf(t *decisionCounters) []*decisionCount {
	var all []*decisionCount
	t.each(func(decision, reason string, count int64) {
		all = append(all, &decisionCount{Middleware: t.middleware, Gate: t.gate, Decision: decision, Reason: reason, Count: count})
	})
	return all
}

func gateReportOf(g *gateState) *gateReport {
	report := &gateReport{Flag: g.gate.label, Source: sourceReportOf(g.gate.source), Status: g.refusal.status}
	fixed := g.evaluator.fixed()
	if fixed != nil {
		report.Variant = fixed.Variant
		report.Reason = fixed.Reason
		report.ErrorCode = fixed.ErrorCode
	}
	if !g.depends() {
		report.Decision = decisionOf(g, fixed, nil)
	}
	return report
}

// missingOf are the values that inputs lack now: those that have not been loaded yet,
// and those that are older than maxStale allows.
func missingOf(inputs []*input, maxStale time.Duration) []*missingValue {
	now := time.Now()
	var all []*missingValue
	for _, in := range inputs {
		nodes := inForce(in)
		if len(nodes) == 0 {
			all = append(all, &missingValue{Cluster: in.source.cluster, Reason: missingCluster})
		}
		seen := see(in, &expiryClock{now: now, maxStale: maxStale})
		for i, n := range nodes {
			reason := ""
			if !n.isLoaded() {
				reason = notLoaded
			} else if !seen[i].known {
				reason = tooOld
			}
			if reason != "" {
				all = append(all, &missingValue{Cluster: clusterOf(n), Path: in.source.places[i].text, Reason: reason})
			}
		}
	}
	return all
}
