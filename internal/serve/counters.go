package serve

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

var (
	gateDecisions = []string{decidedPass, decidedBlock, decidedBypass, decidedDryRun}
	flagReasons   = []string{flag.ReasonStatic, flag.ReasonDefault, flag.ReasonTargetingMatch, flag.ReasonSplit, flag.ReasonDisabled, flag.ReasonStale, flag.ReasonError}
)

// Counters count what the gates of the process decide, from the time when Begin is
// called, which is when there is somebody to look at them. The methods are called with
// the lock of the registry that they belong to.
type Counters struct {
	began  atomic.Bool // also read by those who have no lock
	byGate map[string]*gateCounters
}

// NewCounters returns counters that don't count yet.
func NewCounters() *Counters { return &Counters{byGate: map[string]*gateCounters{}} }

// Begin has the gates counted from their next snapshot on. It tells whether they weren't
// before.
func (c *Counters) Begin() bool {
	if c.began.Load() {
		return false
	}
	for _, g := range c.byGate {
		g.begin()
	}
	c.began.Store(true)
	return true
}

// A gateCounters counts the decisions of a middleware's gates with one flag. All
// instances of the middleware count with it.
type gateCounters struct {
	middleware string
	gate       string
	users      int
	cells      map[string]map[string]*int64 // by decision and reason; nil until they are counted, and then never changes
}

func counterKey(middleware, gate string) string { return middleware + "\x00" + gate }

// use is the gate's counters for one instance more.
func (c *Counters) use(middleware, gate string) *gateCounters {
	id := counterKey(middleware, gate)
	g := c.byGate[id]
	if g == nil {
		g = &gateCounters{middleware: middleware, gate: gate}
		if c.began.Load() {
			g.begin()
		}
		c.byGate[id] = g
	}
	g.users++
	return g
}

// release forgets the counters with their last user.
func (c *Counters) release(g *gateCounters) {
	g.users--
	if g.users == 0 {
		delete(c.byGate, counterKey(g.middleware, g.gate))
	}
}

func (g *gateCounters) begin() {
	g.cells = map[string]map[string]*int64{}
	for _, decision := range gateDecisions {
		g.cells[decision] = map[string]*int64{}
		for _, reason := range flagReasons {
			g.cells[decision][reason] = new(int64)
		}
	}
}

// count counts a decision. It is called for requests.
func count(g *gateCounters, decision, reason string) {
	atomic.AddInt64(g.cells[decision][reason], 1)
}

// A DecisionCount is how often the gates of a middleware with one flag came to a decision.
type DecisionCount struct {
	Middleware string
	Gate       string // the flag
	Decision   string
	Reason     string
	Count      int64
}

// Report is what was decided, by the names of the middlewares and the gates. Decisions
// that never came are left out.
func (c *Counters) Report() []*DecisionCount {
	var all []*DecisionCount
	for _, id := range lists.SortedKeys(c.byGate) {
		all = append(all, c.byGate[id].report()...)
	}
	return all
}

func (g *gateCounters) report() []*DecisionCount {
	var all []*DecisionCount
	if g.cells == nil {
		return all
	}
	for _, decision := range gateDecisions {
		for _, reason := range flagReasons {
			count := atomic.LoadInt64(g.cells[decision][reason])
			if count > 0 {
				all = append(all, &DecisionCount{Middleware: g.middleware, Gate: g.gate, Decision: decision, Reason: reason, Count: count})
			}
		}
	}
	return all
}

// countBefore counts decisions that no request makes a difference to.
func countBefore(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	if len(cells) > 1 {
		return countAllBefore(handler, cells)
	}
	return countOneBefore(handler, cells[0])
}

func countOneBefore(handler http.HandlerFunc, cell *int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(cell, 1)
		handler(w, r)
	}
}

func countAllBefore(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, cell := range cells {
			atomic.AddInt64(cell, 1)
		}
		handler(w, r)
	}
}
