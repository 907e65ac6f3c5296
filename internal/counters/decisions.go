// Package counters counts what gates decide, and which variants flags choose, for the status
// page and the metrics.
package counters

import (
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// What a gate decides about a request.
const (
	Pass   = "pass"
	Block  = "block"
	Bypass = "bypass"
	DryRun = "dry-run" // would have been blocked
)

var (
	decisions = []string{Pass, Block, Bypass, DryRun}
	reasons   = []string{flag.ReasonStatic, flag.ReasonDefault, flag.ReasonTargetingMatch, flag.ReasonSplit, flag.ReasonDisabled, flag.ReasonStale, flag.ReasonError}
)

// A Registry has the counters of a process. They count from the time when Begin is called,
// which is when there is somebody to look at them. The methods are called with the lock of
// the registry that it belongs to.
type Registry struct {
	began atomic.Bool // also read by those who have no lock
	gates map[string]*Gate
	flags map[string]*Flag
}

// NewRegistry returns a registry whose counters don't count yet.
func NewRegistry() *Registry { return &Registry{gates: map[string]*Gate{}, flags: map[string]*Flag{}} }

// Begin has everything counted from the next snapshots on. It tells whether it wasn't before.
func (r *Registry) Begin() bool {
	if r.began.Load() {
		return false
	}
	for _, g := range r.gates {
		g.begin()
	}
	r.began.Store(true)
	return true
}

// HasBegun tells whether anything is counted. It may be called without the lock; nil counts
// nothing.
func (r *Registry) HasBegun() bool { return r != nil && r.began.Load() }

// A Gate counts the decisions of a middleware's gates with one flag. All instances of the
// middleware count with it.
type Gate struct {
	Middleware string
	Flag       *Flag // counts the variants; never changes, since requests read it without lock
	users      int
	cells      map[string]map[string]*int64 // by decision and reason; nil until they are counted, and then never changes
}

// ofGate is what a gate has in the place of a header's name.
const ofGate = "gate"

func keyOf(middleware, rule, name string) string { return middleware + "\x00" + rule + "\x00" + name }

// UseGate is the counters of a gate with a flag of that name, for one instance more.
func (r *Registry) UseGate(middleware, name string) *Gate {
	id := keyOf(middleware, ofGate, name)
	g := r.gates[id]
	if g == nil {
		g = &Gate{Middleware: middleware, Flag: r.UseFlag(middleware, ofGate, name)}
		if r.began.Load() {
			g.begin()
		}
		r.gates[id] = g
	}
	g.users++
	return g
}

// ReleaseGate forgets the counters with their last user.
func (r *Registry) ReleaseGate(g *Gate) {
	g.users--
	if g.users == 0 {
		delete(r.gates, keyOf(g.Middleware, ofGate, g.Flag.name))
		r.ReleaseFlag(g.Flag)
	}
}

func (g *Gate) begin() {
	g.cells = map[string]map[string]*int64{}
	for _, decision := range decisions {
		g.cells[decision] = map[string]*int64{}
		for _, reason := range reasons {
			g.cells[decision][reason] = new(int64)
		}
	}
}

// Count counts a decision, and the variant that the flag has chosen. It is called for requests.
func Count(g *Gate, decision string, ev *flag.Evaluation) {
	atomic.AddInt64(g.cells[decision][ev.Reason], 1)
	CountVariant(g.Flag, ev.Variant)
}

// CellsOf are the cells that Count adds to.
func CellsOf(g *Gate, decision string, ev *flag.Evaluation) []*int64 {
	return []*int64{g.cells[decision][ev.Reason], CellOf(g.Flag, ev.Variant)}
}

// A DecisionCount is how often the gates of a middleware with one flag came to a decision.
type DecisionCount struct {
	Middleware string
	Gate       string // the flag
	Decision   string
	Reason     string
	Count      int64
}

// Decisions are what was decided, by the names of the middlewares and the gates. Those that
// never came are left out.
func (r *Registry) Decisions() []*DecisionCount {
	var all []*DecisionCount
	for _, id := range lists.SortedKeys(r.gates) {
		all = append(all, r.gates[id].Decisions()...)
	}
	return all
}

// Decisions are those of one gate.
func (g *Gate) Decisions() []*DecisionCount {
	var all []*DecisionCount
	if g.cells == nil {
		return all
	}
	for _, decision := range decisions {
		for _, reason := range reasons {
			count := atomic.LoadInt64(g.cells[decision][reason])
			if count > 0 {
				all = append(all, &DecisionCount{Middleware: g.Middleware, Gate: g.Flag.name, Decision: decision, Reason: reason, Count: count})
			}
		}
	}
	return all
}
