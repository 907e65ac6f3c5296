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
	flags map[string]*Flag
}

// NewRegistry returns a registry whose counters don't count yet.
func NewRegistry() *Registry { return &Registry{flags: map[string]*Flag{}} }

// Begin has everything counted from the next snapshots on. It tells whether it wasn't before.
func (r *Registry) Begin() bool { return !r.began.Swap(true) }

// HasBegun tells whether anything is counted. It may be called without the lock; nil counts
// nothing.
func (r *Registry) HasBegun() bool { return r != nil && r.began.Load() }

// ofGate is what a gate has in the place of a header's name.
const ofGate = "gate"

func keyOf(middleware, rule, name string) string { return middleware + "\x00" + rule + "\x00" + name }

// UseGate is the counters of a flag in a middleware's gates, for one instance more.
func (r *Registry) UseGate(middleware, name string) *Flag {
	return r.UseFlag(middleware, ofGate, name)
}

// UseFlag is the counters of a flag in a rule, for one instance more. All instances of the
// middleware count with them.
func (r *Registry) UseFlag(middleware, rule, name string) *Flag {
	id := keyOf(middleware, rule, name)
	f := r.flags[id]
	if f == nil {
		f = &Flag{middleware: middleware, rule: rule, name: name}
		r.flags[id] = f
	}
	f.users++
	return f
}

// ReleaseFlag forgets the counters with their last user.
func (r *Registry) ReleaseFlag(f *Flag) {
	f.users--
	if f.users == 0 {
		delete(r.flags, keyOf(f.middleware, f.rule, f.name))
	}
}

// Count counts what a gate has decided, and the variant that the flag has chosen. It is called
// for requests.
func Count(f *Flag, decision string, ev *flag.Evaluation) {
	atomic.AddInt64(CellOf(f, decision, ev), 1)
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
	for _, id := range lists.SortedKeys(r.flags) {
		if r.flags[id].rule == ofGate {
			all = append(all, r.flags[id].Decisions()...)
		}
	}
	return all
}

// Decisions are those of gates with one flag.
func (f *Flag) Decisions() []*DecisionCount {
	sums := f.sums(func(c *cell) string { return c.decision + "\x00" + c.reason })
	var all []*DecisionCount
	for _, decision := range decisions {
		for _, reason := range reasons {
			count := sums[decision+"\x00"+reason]
			if count > 0 {
				all = append(all, &DecisionCount{Middleware: f.middleware, Gate: f.name, Decision: decision, Reason: reason, Count: count})
			}
		}
	}
	return all
}
