package zookeeper

import (
	"sync"
	"time"
)

// instance is the rules of a middleware, bound to the nodes that they read, and
// the snapshot that requests go by. It has a binding for each router.
type instance struct {
	name   string
	same   string // the configuration's fingerprint
	rules  *rules
	basis  *basis        // of the snapshots; mu is for its failure
	inputs []*input      // all of them
	loaded chan struct{} // closed with the first snapshot

	listener   *listener
	clusters   *clusterRegistry
	membership *membership // there

	mu       sync.Mutex // for what follows, and the inputs' subscriptions
	bindings map[*binding]bool
	wrapper  *wrapper    // of the bindings, once it is settled
	settled  bool        // loaded is closed
	deadline time.Time   // until then, values that are being loaded are waited for
	due      *time.Timer // at the deadline
	inquiry  *time.Timer // for clusters that nobody defines
	aging    *time.Timer
	closed   bool
	canceled time.Time // when Traefik gave up a binding, the last one that it did
}

// newInstance completes an instance, which has its name, its rules and the basis of
// its snapshots.
func newInstance(inst *instance) *instance {
	inst.loaded = make(chan struct{})
	inst.bindings = map[*binding]bool{}
	inst.listener = detachedListener(inst)
	inst.inputs = present(inst.basis.headers, inst.basis.gates, inst.basis.pages)
	inst.deadline = time.Now().Add(inst.rules.startupTimeout)
	return inst
}

func (inst *instance) what(part string) string {
	return "middleware " + inst.name + ": " + part
}

// update works out the snapshot anew. It may be called from anywhere.
func (inst *instance) update() { insist(inst.listener.what, inst.refresh) }

// refresh is what update does, and what every change of a node does that the rules
// read.
func (inst *instance) refresh() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	recompile(inst)
}

// recompile is refresh with inst.mu held.
func recompile(inst *instance) {
	now := time.Now()
	due := !now.Before(inst.deadline)
	if inst.closed || !inst.settled && !inst.isDue(due, now) {
		return
	}
	var gone []*subscription
	for _, in := range inst.inputs {
		if len(in.replaced) > 0 && (due && !in.isPending() || in.settled(inst.rules.startupTimeout)) {
			gone = append(gone, in.replaced...)
			in.replaced = nil
		}
	}
	clock := &expiryClock{now: now, maxStale: inst.rules.maxStale}
	inst.wrapper = wrapperOf(snapshotOf(inst.basis, clock), inst.basis)
	for b := range inst.bindings {
		if !b.fixed {
			b.swap.replace(handlerFor(inst.wrapper, b.next))
		}
	}
	if len(gone) > 0 {
		cancelAll(gone) // only now: requests read what they hold
	}
	if !inst.settled {
		inst.settled = true
		close(inst.loaded)
		stop(inst.due)
	}
	if inst.aging != nil || !clock.nextExpiry.IsZero() {
		inst.ageAt(clock.nextExpiry)
	}
}

// readingGrace is how long after the deadline what is known may still be being read.
const readingGrace = 5 * time.Second

// isDue tells whether the first snapshot can be made: everything is there, or the
// time for it is over. What is known already, and only has to be read, is waited for
// a little longer. inst.mu is held.
func (inst *instance) isDue(due bool, now time.Time) bool {
	if !due || inst.deadline.IsZero() {
		return due || inst.complete()
	}
	rest := inst.deadline.Add(readingGrace).Sub(now)
	for _, in := range inst.inputs {
		if in.isPending() && rest > 0 {
			stop(inst.due)
			inst.due = detachedRefreshAfter(inst, rest, "startup")
			return false
		}
	}
	return true
}

// ageAt sees to it that values which will be too stale at a time give way then.
func (inst *instance) ageAt(expiry time.Time) {
	stop(inst.aging)
	inst.aging = nil
	if !expiry.IsZero() {
		inst.aging = detachedRefreshAfter(inst, time.Until(expiry), "aging")
	}
}

// complete tells whether no input is worth waiting for; inst.mu is held.
func (inst *instance) complete() bool {
	for _, in := range inst.inputs {
		if !in.settled(inst.rules.startupTimeout) {
			return false
		}
	}
	return true
}

func (inst *instance) isSettled() bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	return inst.settled
}

// setTimers has the instance begin without what isn't there by then.
func (inst *instance) setTimers() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if !inst.settled {
		inst.due = detachedRefreshAfter(inst, inst.rules.startupTimeout, "startup")
	}
}

func refreshAfter(inst *instance, delay time.Duration, part string) *time.Timer {
	return after(delay, inst.what(part), inst.refresh)
}

func listenerOf(inst *instance) *listener {
	return &listener{what: inst.what("update"), changed: inst.refresh, staleness: inst.rules.maxStale > 0 || inst.rules.decisionHeader != ""}
}

// shutDown ends everything that the instance has going. Requests that still come
// get what is known now.
func (inst *instance) shutDown() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	inst.deadline = time.Time{}
	recompile(inst)
	inst.closed = true
	for _, in := range inst.inputs {
		in.replace(nil)
		in.settle()
	}
	inst.ageAt(time.Time{})
	stop(inst.due)
	stop(inst.inquiry)
}
