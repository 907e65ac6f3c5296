package middleware

import (
	"sync"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// An instance serves the routers of a middleware that have the same configuration. What
// its fields say never changes once it has joined its clusters.
type instance struct {
	name        string // the middleware's
	fingerprint string // of the configuration
	rules       *rules.Rules
	listener    *session.Listener // is told when a node that the rules read has changed
	clusters    *clusters.Registry
	membership  *clusters.Membership
	complaints  *complaints // about clusters that nobody defines

	mu    sync.Mutex
	state any // the *instanceState, to be had from lock alone, and from refresh
}

// Yaegi: a type without a name is a text, which has in it those of all types that it refers to.
// A state's would be in that of the registry five times, half a megabyte.
func stateOf(inst *instance) *instanceState { return inst.state.(*instanceState) }

// An instanceState is what changes of an instance. Who has it holds the instance's lock.
type instanceState struct {
	name     string
	rules    *rules.Rules
	listener *session.Listener

	bound       *serve.BoundRules
	inputs      []*input.Input // of the bound rules
	bindings    map[*binding]bool
	builder     any           // the *serve.Builder of the bindings' handlers; nil before it is settled
	loaded      chan struct{} // closed when it is settled
	isSettled   bool          // requests wait for nothing
	isReplacing bool          // there may be inputs with replaced subscriptions
	isClosed    bool
	deadline    time.Time   // until then, values that are being loaded are waited for; zero where they aren't
	startup     *time.Timer // at the deadline
	expiry      *time.Timer // until the next value is too old
	canceled    time.Time   // when Traefik gave up the last of the routers; zero while that isn't noted
}

// newInstance makes an instance that has no router yet, and waits for its first values.
// The handler answers requests for the status.
func newInstance(name string, r *rules.Rules, status serve.StatusHandler) *instance {
	inst := &instance{name: name, rules: r}
	inst.listener = detachedListener(inst)
	bound := serve.NewBoundRules(r, status)
	if len(r.Gates) > 0 && dependsOnOthers(inst) {
		bound.OnUndefined(detachedComplainer(inst))
	}
	inst.state = &instanceState{
		name: name, rules: r, listener: inst.listener, bound: bound, inputs: bound.Inputs(), bindings: map[*binding]bool{},
		loaded: make(chan struct{}), deadline: time.Now().Add(r.StartupTimeout),
	}
	return inst
}

// lock takes the instance's lock and returns what belongs to it.
//
// Yaegi: a method costs several times as much as a function.
func lock(inst *instance) *instanceState {
	inst.mu.Lock()
	return inst.state.(*instanceState)
}

// workName names work of a middleware for the log.
func workName(middleware, work string) string { return "middleware " + middleware + ": " + work }

func listenerOf(inst *instance) *session.Listener {
	return &session.Listener{
		What: workName(inst.name, "update"), Changed: inst.refresh, Staleness: inst.rules.MaxStale > 0 || inst.rules.DecisionHeader != "",
	}
}

// update is refresh that is tried again after a panic.
func (inst *instance) update() { guard.Retry(inst.listener.What, inst.refresh) }

// refresh works out anew what the instance serves. Every change of a node that the rules
// read calls it.
//
// Yaegi: it does without lock, since a method costs as much as four functions.
func (inst *instance) refresh() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	recompile(stateOf(inst))
}

// recompile puts handlers in force that go by what the inputs show now.
func recompile(s *instanceState) {
	now := time.Now()
	if s.isClosed || !s.isSettled && !maySettle(s, now) {
		return
	}
	var replaced []*cache.Subscription
	if s.isReplacing {
		replaced = takeReplaced(s, now)
	}
	expiry := &input.Expiry{Now: now, MaxStale: s.rules.MaxStale}
	builder := serve.NewBuilder(s.bound, expiry)
	s.builder = builder
	for b := range s.bindings {
		if b.switcher == nil {
			b.switcher = newSwitcher(serve.HandlerFor(builder, b.next))
		} else if !b.isFrozen {
			replaceHandler(b.switcher, serve.HandlerFor(builder, b.next))
		}
	}
	if len(replaced) > 0 {
		input.CancelAll(replaced) // only now, since requests read what they hold
	}
	if !s.isSettled {
		s.isSettled = true
		close(s.loaded)
		guard.Stop(s.startup)
	}
	if s.expiry != nil || !expiry.Next.IsZero() {
		s.refreshAt(expiry.Next)
	}
}

// takeReplaced returns the replaced subscriptions of the inputs whose new ones are loaded,
// or weren't loaded in time.
func takeReplaced(s *instanceState, now time.Time) []*cache.Subscription {
	isLate := !now.Before(s.deadline)
	s.isReplacing = false
	var all []*cache.Subscription
	for _, in := range s.inputs {
		if !input.IsReplacing(in) {
			continue
		}
		if isLate && !in.IsPending() || input.IsComplete(in, s.rules.StartupTimeout) {
			all = append(all, in.TakeReplaced()...)
		} else {
			s.isReplacing = true
		}
	}
	return all
}

// readingGrace is how long after the deadline requests wait for values that are known to
// be there and still being read.
const readingGrace = 5 * time.Second

// maySettle tells whether the first handlers can be made, since every value is there, or
// the time for them is over.
func maySettle(s *instanceState, now time.Time) bool {
	if now.Before(s.deadline) {
		return isComplete(s)
	}
	if s.deadline.IsZero() {
		return true
	}
	rest := s.deadline.Add(readingGrace).Sub(now)
	for _, in := range s.inputs {
		if in.IsPending() && rest > 0 {
			guard.Stop(s.startup)
			s.startup = s.refreshAfter(rest, "startup")
			return false
		}
	}
	return true
}

// isComplete tells whether no value is worth waiting for.
func isComplete(s *instanceState) bool {
	for _, in := range s.inputs {
		if !input.IsComplete(in, s.rules.StartupTimeout) {
			return false
		}
	}
	return true
}

// refreshAt has the next refresh come when a value will be too old, unless the time is
// zero.
func (s *instanceState) refreshAt(expiry time.Time) {
	guard.Stop(s.expiry)
	s.expiry = nil
	if !expiry.IsZero() {
		s.expiry = s.refreshAfter(time.Until(expiry), "aging")
	}
}

func (s *instanceState) refreshAfter(delay time.Duration, work string) *time.Timer {
	return detachedRefreshAfter(s.listener, delay, workName(s.name, work))
}

func refreshAfter(l *session.Listener, delay time.Duration, name string) *time.Timer {
	return guard.After(delay, name, l.Changed)
}

// useCounters has the instance's gates counted.
func useCounters(inst *instance, all *counters.Registry) {
	s := lock(inst)
	defer inst.mu.Unlock()
	s.bound.UseCounters(all, inst.name)
}

func (inst *instance) releaseCounters() {
	s := lock(inst)
	defer inst.mu.Unlock()
	s.bound.ReleaseCounters()
}

// shutDown ends the subscriptions and the timers of the instance. Requests that still come
// get what is known now.
func (inst *instance) shutDown() {
	s := lock(inst)
	defer inst.mu.Unlock()
	s.deadline = time.Time{}
	recompile(s)
	s.isClosed = true
	for _, in := range s.inputs {
		in.Unbind()
	}
	s.refreshAt(time.Time{})
	guard.Stop(s.startup)
}
