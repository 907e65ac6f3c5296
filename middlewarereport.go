package zookeeper

import (
	"strings"
	"time"
)

// What is told of middlewares. Traefik makes an instance for each router that uses
// one; these are told as one.

// A nameSelection says which middlewares are listed.
type nameSelection struct {
	Prefix string // their names begin with it
	Limit  int    // how many are listed at most
}

// A middlewareList is how many middlewares there are, and those that were selected.
type middlewareList struct {
	Count  int
	Listed []*middlewareReport
}

// A middlewareReport is what a middleware does now.
type middlewareReport struct {
	Name    string
	Routers int    // that it is on
	Failure string // a mistake that showed after it was made; empty for none
	Headers []*headerReport
	Gates   []*gateReport
}

// middlewareReports reports one of the live instances of each middleware.
func (r *middlewareRegistry) middlewareReports(wanted *nameSelection) *middlewareList {
	chosen := map[string]*instance{}
	routers := map[string]int{}
	for _, inst := range r.liveInstances() {
		chosen[inst.name] = inst
		routers[inst.name] += routersOf(inst)
	}
	list := &middlewareList{Count: len(chosen)}
	for _, name := range sortedKeys(chosen) {
		if len(list.Listed) < wanted.Limit && strings.HasPrefix(name, wanted.Prefix) {
			report := middlewareReportOf(chosen[name])
			report.Routers = routers[name]
			list.Listed = append(list.Listed, report)
		}
	}
	return list
}

func middlewareReportOf(inst *instance) *middlewareReport {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	report := &middlewareReport{Name: inst.name}
	if inst.basis.failure != nil {
		report.Failure = inst.basis.failure.Error()
	}
	s := snapshotOf(inst.basis, &expiryClock{now: time.Now(), maxStale: inst.rules.maxStale})
	report.Headers = headerReportsOf(s, inst.rules.headers)
	report.Gates = gateReportsOf(s, inst.basis.counters)
	return report
}

// missingValues are those that all live middlewares lack.
func (r *middlewareRegistry) missingValues() []*missingValue {
	var all []*missingValue
	for _, inst := range r.liveInstances() {
		all = append(all, inst.missingValues()...)
	}
	return all
}

func (inst *instance) missingValues() []*missingValue {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	all := missingOf(inst.inputs, inst.rules.maxStale)
	for _, m := range all {
		m.Middleware = inst.name
	}
	return all
}

// decisionCounts are what the gates of all middlewares have decided so far.
func (r *middlewareRegistry) decisionCounts() []*decisionCount {
	var all []*decisionCount
	for _, t := range r.allCounters() {
		all = append(all, decisionCountsOf(t)...)
	}
	return all
}
