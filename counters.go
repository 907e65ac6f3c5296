package zookeeper

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// What gates decide is counted once there is a status page to show it.

var (
	gateDecisions = []string{decidedPass, decidedBlock, decidedBypass, decidedDryRun}
	flagReasons   = []string{flag.ReasonStatic, flag.ReasonDefault, flag.ReasonTargetingMatch, flag.ReasonSplit, flag.ReasonDisabled, flag.ReasonStale, flag.ReasonError}
)

// counted tells whether anybody is to see the counters.
var counted atomic.Bool

func isCounting() bool { return counted.Load() }

// beginCounting has all counters count that there are, and those to come.
func beginCounting(all []*decisionCounters) {
	for _, t := range all {
		t.begin()
	}
	counted.Store(true)
}

// A decisionCounters counts the decisions of a middleware's gates with one flag.
type decisionCounters struct {
	middleware string
	gate       string
	cells      map[string]map[string]*int64 // by decision and reason; nil until they are counted, and then never changes
}

func newDecisionCounters(middleware, gate string) *decisionCounters {
	t := &decisionCounters{middleware: middleware, gate: gate}
	if isCounting() {
		t.begin()
	}
	return t
}

func (t *decisionCounters) begin() {
	t.cells = map[string]map[string]*int64{}
	for _, decision := range gateDecisions {
		t.cells[decision] = map[string]*int64{}
		for _, reason := range flagReasons {
			t.cells[decision][reason] = new(int64)
		}
	}
}

// count counts a decision. It is called for requests.
func count(t *decisionCounters, decision, reason string) {
	atomic.AddInt64(t.cells[decision][reason], 1)
}

// each visits what has been counted.
func (t *decisionCounters) each(visit func(decision, reason string, count int64)) {
	for _, decision := range gateDecisions {
		for _, reason := range flagReasons {
			count := atomic.LoadInt64(t.cells[decision][reason])
			if count > 0 {
				visit(decision, reason, count)
			}
		}
	}
}

// counting counts decisions which no request makes a difference to.
func counting(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	if len(cells) > 1 {
		return countingAll(handler, cells)
	}
	return countingOne(handler, cells[0])
}

func countingOne(handler http.HandlerFunc, cell *int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(cell, 1)
		handler(w, r)
	}
}

func countingAll(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, cell := range cells {
			atomic.AddInt64(cell, 1)
		}
		handler(w, r)
	}
}
