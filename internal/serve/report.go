package serve

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A Report is what the rules of a middleware do with requests now.
type Report struct {
	Headers  []*HeaderReport
	Gates    []*GateReport
	Variants []*counters.VariantCount // that its flags have chosen
}

// A HeaderReport is a header that a middleware sets or removes.
type HeaderReport struct {
	Name       string
	Response   bool // it is one of the response
	Mode       string
	Source     *SourceReport // nil where the header is removed
	Value      string
	PerRequest bool     // the value depends on the request, so that it isn't here
	Findings   []string // what doesn't fit about its flag, which quotes it
}

// A GateReport is a gate with its present decision.
type GateReport struct {
	Flag      string
	Source    *SourceReport
	Decision  string // empty where it depends on the request
	Closed    bool   // it answers all requests itself, but for those that its bypass lets by
	Variant   string
	Reason    string
	ErrorCode string
	Status    int // of the answer where it is closed
	Decisions []*counters.DecisionCount
	Findings  []string // what doesn't fit about its flag, which quotes it
}

// A SourceReport is where a value comes from, as the configuration has it.
type SourceReport struct {
	Cluster string // empty for the only one that there is
	Paths   []string
	Format  string
	Key     string
}

// A MissingValue is what a middleware would read and has to do without.
type MissingValue struct {
	Middleware string // set by the caller of MissingValues
	Cluster    string // empty for the only one that there is
	Path       string // empty where the cluster or all is missing
	Reason     string // one of those below
}

// The reasons why a value is missing.
const (
	MissingCluster = "nobody defines the cluster"
	LostCluster    = "nobody defines the cluster any more" // and it is read from until Traefik restarts
	Unusable       = "the configuration can't be used"     // so all is missing
	NotLoaded      = "it is not loaded"
	TooOld         = "it is older than maxStale allows"
)

// Report works out a snapshot of its own. Its gates have counters.
func (b *BoundRules) Report() *Report {
	s := snapshotOf(b, b.expiryNow())
	report := &Report{}
	for i, rule := range b.rules.Headers {
		header := headerReportOf(s, rule)
		header.Findings = misfitsOf(headerFlag(b, i))
		report.Headers = append(report.Headers, header)
		if b.variants[i] != nil {
			report.Variants = append(report.Variants, b.variants[i].Variants()...)
		}
	}
	for i, g := range s.gates {
		gate := gateReportOf(g)
		gate.Findings = misfitsOf(gateFlag(b, i))
		gate.Decisions = b.counters[i].Decisions()
		report.Variants = append(report.Variants, b.counters[i].Variants()...)
		report.Gates = append(report.Gates, gate)
	}
	return report
}

func (b *BoundRules) expiryNow() *input.Expiry {
	return &input.Expiry{Now: time.Now(), MaxStale: b.rules.MaxStale}
}

func headerReportOf(s *snapshot, rule *rules.Header) *HeaderReport {
	report := &HeaderReport{Name: rule.Name, Response: rule.Response, Mode: rule.Mode, PerRequest: isLate(s, rule)}
	if rule.Source != nil {
		report.Source = sourceReportOf(rule.Source)
	}
	if !report.PerRequest {
		report.Value = s.valueOf(rule)
	}
	return report
}

// isLate tells whether a rule's value is worked out for each request.
func isLate(s *snapshot, rule *rules.Header) bool {
	for _, t := range s.tabled {
		if t.Rule == rule {
			return true
		}
	}
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
func (s *snapshot) valueOf(rule *rules.Header) string {
	if rule.Response {
		return answer.Values(s.response).Get(rule.Name)
	}
	value := ""
	for i, name := range s.names {
		if name == rule.Name {
			value = s.values[i][0]
		}
	}
	return value
}

func sourceReportOf(s *rules.Source) *SourceReport {
	report := &SourceReport{Cluster: s.Cluster, Format: s.Format, Key: s.Key}
	for _, at := range s.Places {
		report.Paths = append(report.Paths, at.Text)
	}
	return report
}

func gateReportOf(g *gateState) *GateReport {
	report := &GateReport{Flag: g.gate.Label, Source: sourceReportOf(g.gate.Source), Status: g.refusal.Status}
	constant := g.evaluator.constant()
	if constant != nil {
		report.Variant = constant.Variant
		report.Reason = constant.Reason
		report.ErrorCode = constant.ErrorCode
	}
	if !g.dependsOnRequest() {
		report.Decision = decisionOf(g, constant, nil)
	}
	report.Closed = isClosedToAll(g.gate, constant)
	return report
}

// isClosedToAll tells whether a gate answers all requests itself, but for those that its bypass
// lets by. The evaluation is the one that is the same for all requests, or nil.
func isClosedToAll(g *rules.Gate, constant *flag.Evaluation) bool {
	return constant != nil && !g.DryRun && isClosedBy(g, constant)
}

// A ClosedCount is how many of the gates of a middleware with one flag are closed to all
// requests now, but for those that a bypass lets by.
type ClosedCount struct {
	Middleware string
	Gate       string // the flag
	Closed     int
}

// ClosedCounts has each flag of the gates once. With a failure, all gates are closed.
func (b *BoundRules) ClosedCounts() []*ClosedCount {
	var all []*ClosedCount
	byFlag := map[string]*ClosedCount{}
	expiry := b.expiryNow()
	for i, g := range b.rules.Gates {
		count := byFlag[g.Label]
		if count == nil {
			count = &ClosedCount{Middleware: b.middleware, Gate: g.Label}
			byFlag[g.Label] = count
			all = append(all, count)
		}
		if b.failure != nil || isClosedToAll(g, gateEvaluator(b, i, b.isUndefined(i), expiry).constant()) {
			count.Closed++
		}
	}
	return all
}

// Misfits are the flags that don't fit their rules, among those that are the same for all requests.
func (b *BoundRules) Misfits() []*Misfit {
	var all []*Misfit
	for i := range b.gates {
		all = addMisfit(all, gateFlag(b, i))
	}
	for i := range b.headers {
		all = addMisfit(all, headerFlag(b, i))
	}
	return all
}

// MissingValues are those that the inputs lack now: those that have not been loaded yet,
// and those that are older than maxStale allows.
func (b *BoundRules) MissingValues() []*MissingValue {
	var all []*MissingValue
	for _, in := range b.Inputs() {
		all = append(all, missingIn(in, b.expiryNow())...)
	}
	return all
}

func missingIn(in *input.Input, expiry *input.Expiry) []*MissingValue {
	nodes := input.Counting(in)
	if len(nodes) == 0 {
		return []*MissingValue{{Cluster: in.Source.Cluster, Reason: MissingCluster}}
	}
	var all []*MissingValue
	seen := input.Observe(in, expiry)
	for i, n := range nodes {
		reason := ""
		if !n.IsLoaded() {
			reason = NotLoaded
		} else if !seen[i].Known {
			reason = TooOld
		}
		if reason != "" {
			all = append(all, &MissingValue{Cluster: cache.ClusterOf(n), Path: in.Source.Places[i].Text, Reason: reason})
		}
	}
	return all
}
