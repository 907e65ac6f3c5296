package middleware

import (
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// A NameSelection says which middlewares are listed.
type NameSelection struct {
	Prefix string // their names begin with it
	Limit  int    // how many are listed at most
}

// A List is how many middlewares there are, and those that were selected.
type List struct {
	Count  int
	Listed []*Report
}

// A Report is what a middleware does now.
type Report struct {
	Name     string
	Routers  int      // that it is on
	Failure  string   // a mistake that showed after New; empty for none
	Keys     []string // of that mistake; nil where they aren't known
	Headers  []*serve.HeaderReport
	Gates    []*serve.GateReport
	Variants []*counters.VariantCount // that its flags have chosen
}

// Reports lists the live middlewares by their names. Traefik may have several instances
// of a middleware during a reload, of which one is reported.
func (r *Registry) Reports(wanted *NameSelection) *List {
	live := r.liveInstances()
	chosen := oneOfEach(live)
	routers := map[string]int{}
	for _, inst := range live {
		routers[inst.name] += routersOf(inst)
	}
	list := &List{Count: len(chosen)}
	for _, name := range lists.SortedKeys(chosen) {
		if len(list.Listed) < wanted.Limit && strings.HasPrefix(name, wanted.Prefix) {
			report := reportOf(chosen[name])
			report.Routers = routers[name]
			list.Listed = append(list.Listed, report)
		}
	}
	return list
}

// routersOf is how many routers an instance has that Traefik has not given up.
func routersOf(inst *instance) int {
	s := lock(inst)
	defer inst.mu.Unlock()
	return s.liveRouters()
}

func reportOf(inst *instance) *Report {
	s := lock(inst)
	defer inst.mu.Unlock()
	served := s.bound.Report()
	report := &Report{Name: inst.name, Headers: served.Headers, Gates: served.Gates, Variants: served.Variants}
	failure := s.bound.Failure()
	if failure != nil {
		report.Failure = failure.Error()
		report.Keys = problems.KeysOf(failure)
	}
	return report
}

// MissingValues are those that the live middlewares lack, clusters and whole
// configurations among them.
func (r *Registry) MissingValues() []*serve.MissingValue {
	var all []*serve.MissingValue
	for _, m := range r.Misconfigured() {
		all = append(all, &serve.MissingValue{Middleware: m.Middleware, Reason: serve.Unusable})
	}
	defined := r.Clusters.Defined()
	for _, inst := range r.liveInstances() {
		all = append(all, missingValuesOf(inst)...)
		for _, name := range undefinedFor(inst, defined) {
			if isLost(inst, name) {
				all = append(all, &serve.MissingValue{Middleware: inst.name, Cluster: name, Reason: serve.LostCluster})
			}
		}
	}
	return all
}

func missingValuesOf(inst *instance) []*serve.MissingValue {
	s := lock(inst)
	defer inst.mu.Unlock()
	if s.bound.Failure() != nil {
		return []*serve.MissingValue{{Middleware: inst.name, Reason: serve.Unusable}}
	}
	all := s.bound.MissingValues()
	for _, m := range all {
		m.Middleware = inst.name
	}
	return all
}

// DecisionCounts are what the gates of all middlewares have decided so far.
func (r *Registry) DecisionCounts() []*counters.DecisionCount {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	return s.counters.Decisions()
}

// VariantCounts are the variants that the flags of all middlewares have chosen so far.
func (r *Registry) VariantCounts() []*counters.VariantCount {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	return s.counters.Variants()
}

// ClosedCounts are the gates of the live middlewares that are closed now, by the names of the
// middlewares and the flags.
func (r *Registry) ClosedCounts() []*serve.ClosedCount {
	chosen := oneOfEach(r.liveInstances())
	var all []*serve.ClosedCount
	for _, name := range lists.SortedKeys(chosen) {
		all = append(all, closedCountsOf(chosen[name])...)
	}
	return all
}

func closedCountsOf(inst *instance) []*serve.ClosedCount {
	s := lock(inst)
	defer inst.mu.Unlock()
	return s.bound.ClosedCounts()
}

// Misfits are the flags that don't fit rules of the live middlewares, each once.
func (r *Registry) Misfits() []*serve.Misfit {
	var all []*serve.Misfit
	seen := map[string]bool{}
	for _, inst := range oneOfEach(r.liveInstances()) {
		for _, m := range misfitsOf(inst) {
			id := m.Cluster + "\x00" + m.Path + "\x00" + m.Key
			if !seen[id] {
				seen[id] = true
				all = append(all, m)
			}
		}
	}
	return all
}

func misfitsOf(inst *instance) []*serve.Misfit {
	s := lock(inst)
	defer inst.mu.Unlock()
	return s.bound.Misfits()
}

// oneOfEach has an instance of each middleware, by its name.
func oneOfEach(instances []*instance) map[string]*instance {
	chosen := map[string]*instance{}
	for _, inst := range instances {
		chosen[inst.name] = inst
	}
	return chosen
}
