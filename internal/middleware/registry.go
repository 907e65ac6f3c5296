// Package middleware has the instances of the process's middlewares: the rules of each,
// bound to the caches that they read, and the handlers that its routers' requests come
// to. A Registry makes them, shares them among routers, and lets them go.
package middleware

import (
	"context"
	"net/http"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/counters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// A Registry knows the instances of a process and what they have in common. All its
// methods may be called from any goroutine.
type Registry struct {
	// Clusters are those that the middlewares define or use.
	Clusters *clusters.Registry

	faulty     *misconfiguredList
	groups     *cancelGroups
	complaints *complaints

	mu    sync.Mutex
	state *state // to be had from lock alone
}

// NewRegistry returns a registry without instances, whose middlewares read from these
// clusters.
func NewRegistry(below *clusters.Registry) *Registry {
	return &Registry{
		Clusters: below, faulty: newMisconfiguredList(), groups: newCancelGroups(), complaints: newComplaints(),
		state: &state{
			instances: map[*instance]bool{}, withLogSettings: map[*instance]bool{}, dependents: map[*instance]bool{}, shared: map[string]*instance{}, compiled: map[string]*rules.Rules{},
			counters: counters.NewRegistry(),
		},
	}
}

// A state is what instances have in common. Who has it holds the registry's lock.
type state struct {
	instances       map[*instance]bool
	withLogSettings map[*instance]bool
	shared          map[string]*instance    // by the configuration's fingerprint and the name
	compiled        map[string]*rules.Rules // by the configuration's fingerprint
	counters        *counters.Registry
	dependents      map[*instance]bool // those with clusters that others are to define
	arrivals        int64              // how many calls of New there have been, and how often Traefik gave up a configuration
	isChecking      bool               // a timer is set for when no call of New has come for a while
}

// lockRegistry takes the registry's lock and returns what belongs to it.
func lockRegistry(r *Registry) *state {
	r.mu.Lock()
	return r.state
}

// A Route is a router's use of a middleware: what one call of New says beside the
// configuration.
type Route struct {
	Context    context.Context     // the middleware is given up when it is done
	Next       http.Handler        // where requests go on to
	Middleware string              // the middleware's name
	Status     serve.StatusHandler // answers requests for the status
}

// NewHandler returns the handler that a route's requests come to. It leads to an
// instance that is there already and has the same configuration, or to a new one. It
// returns an error where the configuration has a mistake, or contradicts another
// middleware's.
func (r *Registry) NewHandler(c *config.Config, to *Route) (http.Handler, error) {
	id := fingerprint(c)
	b := bindShared(r, id, to)
	if b == nil {
		own, err := bindOwn(r, c, id, to)
		if err != nil {
			return nil, err
		}
		b = own
	}
	handler := b.switcher.handler
	return handler, nil
}

// bindOwn binds an instance that is made for the configuration.
func bindOwn(r *Registry, c *config.Config, id string, to *Route) (*binding, error) {
	compiled, err := rulesFor(r, c, id)
	if err != nil {
		return nil, err
	}
	inst := newInstance(to.Middleware, compiled, to.Status)
	inst.fingerprint = id
	inst.clusters = r.Clusters
	inst.complaints = r.complaints
	return bindNew(r, inst, to)
}

// bindShared binds an instance that is shared. It returns nil where there is none, or
// none that a new router could count on. An instance that Traefik has given up comes back
// to life as long as it lingers.
//
// Yaegi: a reload calls it for each router, so it makes as few calls as it can.
func bindShared(r *Registry, id string, to *Route) *binding {
	r.mu.Lock()
	defer r.mu.Unlock()
	inst := r.state.shared[id+to.Middleware]
	if inst == nil {
		return nil
	}
	now := statusOf(inst)
	if now == instanceFailed {
		return nil
	}
	var b *binding
	if now == instanceLive {
		b = open(inst, to)
	} else if !r.Clusters.Rejoin(inst.membership, func() { b = open(inst, to) }) {
		return nil
	} else if r.state.withLogSettings[inst] {
		r.state.applyLogSettings() // which may have left out the instance meanwhile
	}
	leaveWithContext(r, inst, b)
	noteArrival(r)
	return b
}

// rulesFor is what a configuration compiles to.
func rulesFor(r *Registry, c *config.Config, id string) (*rules.Rules, error) {
	known := compiledAs(r, id)
	if known != nil {
		return known, nil
	}
	_, fresh, err := rules.Compile(c)
	return fresh, err
}

func compiledAs(r *Registry, id string) *rules.Rules {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	return s.compiled[id]
}

// bindNew binds a new instance, and has it join its clusters.
func bindNew(r *Registry, inst *instance, to *Route) (*binding, error) {
	first := openFirst(inst, to)
	err := join(r, inst)
	if err != nil {
		return nil, err
	}
	if len(stateOf(inst).inputs) == 0 { // with inputs, joining has done it
		inst.update()
	}
	waitForFirst(inst, first)
	leaveWithContext(r, inst, first)
	return first, nil
}

func join(r *Registry, inst *instance) error {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	m, err := r.Clusters.Join(&clusters.JoinRequest{
		Member: asMember(inst), Middleware: inst.name, Defines: inst.rules.Clusters, Uses: inst.rules.Uses,
		Accepted: func() { addInstance(s, inst) },
	})
	if err != nil {
		return err
	}
	inst.membership = m
	share(s, inst)
	noteArrival(r)
	return nil
}

// Yaegi: an interface would go on referring to the variable that it was made of.
func asMember(inst *instance) clusters.Member { return inst }

// leave ends a binding, and with the last one the instance.
func (r *Registry) leave(inst *instance, b *binding) {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	if !inst.close(b) {
		return
	}
	inst.shutDown()
	s.remove(inst)
	s.unshare(inst)
	r.Clusters.Leave(inst.membership)
}

// liveInstances are those that Traefik has not given up.
func (r *Registry) liveInstances() []*instance {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	var live []*instance
	for inst := range s.instances {
		if inst.IsLive() {
			live = append(live, inst)
		}
	}
	return live
}
