package zookeeper

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// Tallies count what the gates decide, once there is a status page to show it. All
// instances of a middleware share them, also through reloads.

var (
	gateDecisions = []string{decidedPass, decidedBlock, decidedBypass, decidedDryRun}
	flagReasons   = []string{flag.ReasonStatic, flag.ReasonDefault, flag.ReasonTargetingMatch, flag.ReasonSplit, flag.ReasonDisabled, flag.ReasonStale, flag.ReasonError}
)

// counted tells whether anybody is to see the tallies.
var counted atomic.Bool

// admit gives the gates of an instance their tallies. With the first status page,
// all instances begin to count; r.mu is held.
func (r *registry) admit(inst *instance) {
	r.instances[inst] = true
	if inst.rules.log != noWish {
		r.wishing[inst] = true
	}
	r.adjustLog()
	for _, g := range inst.rules.gates {
		id := tallyKey(inst, g)
		if r.tallies[id] == nil {
			r.tallies[id] = newTally(inst.name, g.label)
		}
		r.tallies[id].users++
		inst.tallies = append(inst.tallies, r.tallies[id])
	}
	if inst.rules.statusPath == "" || counted.Load() {
		return
	}
	for _, t := range r.tallies {
		t.begin()
	}
	counted.Store(true)
	for other := range r.instances {
		if other != inst {
			other.update()
		}
	}
}

// dismiss is the end of what admit began; r.mu is held.
func (r *registry) dismiss(inst *instance) {
	delete(r.instances, inst)
	delete(r.wishing, inst)
	r.adjustLog()
	for i, t := range inst.tallies {
		t.users--
		if t.users == 0 {
			delete(r.tallies, tallyKey(inst, inst.rules.gates[i]))
		}
	}
}

func tallyKey(inst *instance, g *gate) string { return inst.name + "\x00" + g.label }

// A tally counts the decisions of a middleware's gates with one flag.
type tally struct {
	middleware string
	gate       string
	users      int                          // instances; belongs to the registry's lock
	cells      map[string]map[string]*int64 // by decision and reason; nil until they are counted, and then never changes
}

func newTally(middleware, gate string) *tally {
	t := &tally{middleware: middleware, gate: gate}
	if counted.Load() {
		t.begin()
	}
	return t
}

func (t *tally) begin() {
	t.cells = map[string]map[string]*int64{}
	for _, decision := range gateDecisions {
		t.cells[decision] = map[string]*int64{}
		for _, reason := range flagReasons {
			t.cells[decision][reason] = new(int64)
		}
	}
}

// add counts a decision. It is called for requests.
func (t *tally) add(decision, reason string) {
	atomic.AddInt64(t.cells[decision][reason], 1)
}

// each visits what has been counted.
func (t *tally) each(visit func(decision, reason string, count int64)) {
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
