package zookeeper

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// instance is the rules of a middleware, bound to the nodes that they read, and
// the snapshot that requests go by. It has an outlet for each router.
type instance struct {
	name    string
	same    string // the configuration's fingerprint
	rules   *rules
	headers []*input
	gates   []*input
	pages   []*input      // the bodies of the gates' answers; nil where a gate has none of its own
	inputs  []*input      // all of them
	tallies []*tally      // of the gates
	loaded  chan struct{} // closed with the first snapshot

	listener *listener

	mu       sync.Mutex // for what follows, and the inputs' subscriptions
	outlets  map[*outlet]bool
	serving  *serving    // of the outlets, once it is settled
	settled  bool        // loaded is closed
	deadline time.Time   // until then, values that are being loaded are waited for
	due      *time.Timer // at the deadline
	inquiry  *time.Timer // for clusters that nobody defines
	aging    *time.Timer
	retired  bool
	failure  error
	dropped  bool      // for the failure, whether there are gates or not
	canceled time.Time // when Traefik gave up an outlet, the last one that it did
}

func startInstance(ctx context.Context, next http.Handler, name, same string, r *rules) (*outlet, error) {
	inst := &instance{name: name, same: same, rules: r, loaded: make(chan struct{}), outlets: map[*outlet]bool{}}
	inst.listener = detachedListener(inst)
	for _, rule := range r.headers {
		inst.headers = append(inst.headers, inputFor(rule.source))
	}
	for _, g := range r.gates {
		inst.gates = append(inst.gates, &input{source: g.source})
		inst.pages = append(inst.pages, inputFor(g.page))
	}
	inst.inputs = present(inst.headers, inst.gates, inst.pages)
	inst.deadline = time.Now().Add(r.startupTimeout)
	first := inst.open(ctx, next)
	err := clusters.join(inst)
	if err != nil {
		return nil, err
	}
	if !inst.isSettled() {
		inst.update()
	}
	inst.setTimers()
	outletGroups.add(inst, first)
	return first, nil
}

func inputFor(s *source) *input {
	if s == nil {
		return nil
	}
	return &input{source: s}
}

// present are the inputs that there are.
func present(lists ...[]*input) []*input {
	var all []*input
	for _, some := range lists {
		for _, in := range some {
			if in != nil {
				all = append(all, in)
			}
		}
	}
	return all
}

// refusalOf is the answer of a gate, with its page from ZooKeeper where that has one.
func (inst *instance) refusalOf(gate int, m *moment) *refusal {
	answer := inst.rules.gates[gate].refusal
	page := inst.pages[gate]
	if page == nil {
		return answer
	}
	body, isPage := pick(see(page, m), nil).value.([]byte)
	if !isPage || len(body) == 0 {
		return answer
	}
	return answer.with(body)
}

func (inst *instance) what(part string) string {
	return "middleware " + inst.name + ": " + part
}

// bind makes the rules of a cluster read from a pool. What was served goes on
// until the new pool's values are there, or the time for it is over.
func (inst *instance) bind(cluster string, p *pool) {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.failure != nil {
		return
	}
	for _, in := range inst.inputs {
		if in.source.cluster == cluster {
			in.bind(in.subscribe(inst.listener, p))
		}
	}
	if inst.settled {
		inst.fixDraining()
		inst.deadline = time.Now().Add(inst.rules.startupTimeout)
		stop(inst.due)
		inst.due = detachedRefreshAfter(inst, inst.rules.startupTimeout, "rebinding")
	}
	recompile(inst)
}

func (in *input) subscribe(l *listener, p *pool) []*subscription {
	var nodes []*subscription
	for _, at := range in.source.places {
		nodes = append(nodes, p.subscribe(l, at, in.source.format, in.source.key))
	}
	return nodes
}

// bind puts subscriptions in the place of the input's own, which serve on until
// it settles.
func (in *input) bind(nodes []*subscription) {
	if len(in.replaced) > 0 {
		cancelAll(in.nodes) // which never got so far as to serve
	} else {
		in.replaced = in.nodes
	}
	in.nodes = nodes
}

// settle lets go of the subscriptions that were replaced.
func (in *input) settle() {
	cancelAll(in.replaced)
	in.replaced = nil
}

func cancelAll(nodes []*subscription) {
	for _, n := range nodes {
		n.cancel()
	}
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
	if inst.retired || !inst.settled && !inst.isDue(due, now) {
		return
	}
	var gone []*subscription
	for _, in := range inst.inputs {
		if len(in.replaced) > 0 && (due && !in.isPending() || in.settled(inst.rules.startupTimeout)) {
			gone = append(gone, in.replaced...)
			in.replaced = nil
		}
	}
	m := &moment{now: now, maxStale: inst.rules.maxStale}
	inst.serving = servingOf(snapshotOf(inst, m), inst.rules)
	for o := range inst.outlets {
		if !o.fixed {
			o.front.replace(detachedHandler(inst.serving, o.next))
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
	if inst.aging != nil || !m.turns.IsZero() {
		inst.ageAt(m.turns)
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
func (inst *instance) ageAt(turns time.Time) {
	stop(inst.aging)
	inst.aging = nil
	if !turns.IsZero() {
		inst.aging = detachedRefreshAfter(inst, time.Until(turns), "aging")
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
	inst.inquireLater()
}

func refreshAfter(inst *instance, delay time.Duration, part string) *time.Timer {
	return after(delay, inst.what(part), inst.refresh)
}

func listenerOf(inst *instance) *listener {
	return &listener{what: inst.what("update"), changed: inst.refresh, staleness: inst.rules.maxStale > 0 || inst.rules.decisionHeader != ""}
}

// drop has an instance answer as its router would where New had returned the error:
// 503 with gates, and otherwise 404, as Traefik does without the router.
func (inst *instance) drop(err error) {
	inst.mu.Lock()
	inst.dropped = true
	inst.mu.Unlock()
	inst.fail(err)
}

// resume ends a failure.
func (inst *instance) resume() {
	inst.mu.Lock()
	inst.failure = nil
	inst.dropped = false
	inst.mu.Unlock()
	inst.update()
}

// fail closes the gates and takes away the values of an instance whose
// configuration turned out wrong after New.
func (inst *instance) fail(err error) {
	inst.mu.Lock()
	failed := inst.failure != nil
	inst.failure = err
	for _, in := range inst.inputs {
		if in.source.cluster == onlyCluster {
			in.bind(nil)
			in.settle()
		}
	}
	inst.deadline = time.Time{}
	inst.mu.Unlock()
	if !failed {
		logMiddleware(levelError, inst.name, "%v", err)
		inst.update()
	}
}

// retire ends everything that the instance has going. Requests that still come
// get what is known now.
func (inst *instance) retire() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	inst.deadline = time.Time{}
	recompile(inst)
	inst.retired = true
	for _, in := range inst.inputs {
		in.bind(nil)
		in.settle()
	}
	inst.ageAt(time.Time{})
	stop(inst.due)
	stop(inst.inquiry)
}
