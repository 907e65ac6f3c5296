package zookeeper

import (
	"context"
	"net/http"
	"sync"
)

// A middlewareRegistry knows the instances of the process's middlewares and what they
// have in common, and the registry of their clusters.
type middlewareRegistry struct {
	clusters *clusterRegistry
	mistakes *mistakeList
	groups   *cancelGroups

	mu    sync.Mutex
	state *sharedState // to be had from lock alone
}

func newMiddlewareRegistry(below *clusterRegistry) *middlewareRegistry {
	return &middlewareRegistry{
		clusters: below, mistakes: newMistakeList(), groups: newCancelGroups(),
		state: &sharedState{
			instances: map[*instance]bool{}, wishing: map[*instance]bool{}, shared: map[string]*instance{}, compiled: map[string]*rules{},
			counters: map[string]*sharedCounters{},
		},
	}
}

// A sharedState is what instances have in common. Who has it holds the registry's lock.
type sharedState struct {
	instances map[*instance]bool
	wishing   map[*instance]bool         // those that want something of the log
	shared    map[string]*instance       // by configuration and name
	compiled  map[string]*rules          // by configuration
	counters  map[string]*sharedCounters // by middleware and gate
}

// A sharedCounters is a gate's counters with the number of instances that count with
// them.
type sharedCounters struct {
	counters *decisionCounters
	users    int
}

// lock takes the registry's lock and returns what belongs to it.
func (r *middlewareRegistry) lock() *sharedState {
	r.mu.Lock()
	return r.state
}

// A route is what a call of New says beside the configuration: whose requests come to
// the middleware, where they go on to, and who answers those for the status.
type route struct {
	ctx        context.Context
	next       http.Handler
	middleware string // the middleware's name
	status     statusHandler
}

// bind puts a middleware into a route: an instance that is there already and has
// the same configuration, or a new one.
func (r *middlewareRegistry) bind(config *Config, to *route) (*binding, error) {
	same := fingerprint(config)
	known := r.reuse(same, to)
	if known != nil {
		return known, nil
	}
	compiled, err := r.rulesFor(config, same)
	if err != nil {
		return nil, err
	}
	return r.start(newInstance(&instance{name: to.middleware, same: same, rules: compiled, basis: newBasis(compiled, to.status), clusters: r.clusters}), to)
}

// reuse binds an instance that is shared; nil where there is none, or none that a new
// router could count on. One that Traefik has given up comes back to life as long as
// it lingers.
func (r *middlewareRegistry) reuse(same string, to *route) *binding {
	s := r.lock()
	defer r.mu.Unlock()
	inst := s.shared[same+to.middleware]
	if inst == nil || inst.hasFailure() {
		return nil
	}
	var b *binding
	if inst.IsLive() {
		b = openBinding(inst, to)
	} else if r.clusters.rejoin(inst.membership, func() { b = openBinding(inst, to) }) {
		inst.awaitDefinitions()
	} else {
		return nil
	}
	leaveWithContext(r, inst, b)
	return b
}

// rulesFor is what a configuration compiles to.
func (r *middlewareRegistry) rulesFor(config *Config, same string) (*rules, error) {
	known := r.compiledAs(same)
	if known != nil {
		return known, nil
	}
	_, fresh, err := checked(config)
	return fresh, err
}

func (r *middlewareRegistry) compiledAs(same string) *rules {
	s := r.lock()
	defer r.mu.Unlock()
	return s.compiled[same]
}

// start binds a new instance, and has it join its clusters.
func (r *middlewareRegistry) start(inst *instance, to *route) (*binding, error) {
	first := openBinding(inst, to)
	err := r.join(inst)
	if err != nil {
		return nil, err
	}
	if !inst.isSettled() {
		inst.update()
	}
	inst.setTimers()
	inst.awaitDefinitions()
	leaveWithContext(r, inst, first)
	return first, nil
}

func (r *middlewareRegistry) join(inst *instance) error {
	s := r.lock()
	defer r.mu.Unlock()
	m, err := r.clusters.join(&joining{
		who: asMember(inst), middleware: inst.name, defines: inst.rules.clusters, uses: inst.rules.uses,
		accepted: func() { s.admit(inst) },
	})
	if err != nil {
		return err
	}
	inst.membership = m
	s.share(inst)
	return nil
}

// Yaegi: an interface would go on referring to the variable that it was made of.
func asMember(inst *instance) member { return inst }

// leave ends a binding, and with the last one the instance's membership everywhere.
func (r *middlewareRegistry) leave(inst *instance, b *binding) {
	s := r.lock()
	defer r.mu.Unlock()
	if !closeBinding(inst, b) {
		return
	}
	inst.shutDown()
	s.dismiss(inst)
	s.unshare(inst)
	r.clusters.leave(inst.membership)
}

func (r *middlewareRegistry) liveInstances() []*instance {
	s := r.lock()
	defer r.mu.Unlock()
	var live []*instance
	for inst := range s.instances {
		if inst.IsLive() {
			live = append(live, inst)
		}
	}
	return live
}

func (r *middlewareRegistry) allCounters() []*decisionCounters {
	s := r.lock()
	defer r.mu.Unlock()
	var all []*decisionCounters
	for _, id := range sortedKeys(s.counters) {
		all = append(all, s.counters[id].counters)
	}
	return all
}
