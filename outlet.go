package zookeeper

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

// An outlet is what one call of New makes: where a router's requests come to the
// instance, and go on to its service. Traefik calls New for each router that
// has a middleware, and for all of them at each reload, so those with the same
// configuration share an instance: it is checked, bound to its nodes and worked
// out once.
type outlet struct {
	ctx   context.Context
	next  http.Handler
	front *front // the only thing that a request touches
	fixed bool   // it drains, and goes by what it had before the cluster became another one
}

// fingerprint is the same for configurations that are the same, and empty for those
// that calls of New don't share. Calls with the same name too share an instance, all
// of them what the configuration compiles to.
func fingerprint(config *Config) string {
	if len(config.Decoded) == 0 || config.typed() {
		return ""
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%#v", config.Decoded))) // since secrets are in it
	return string(sum[:])
}

// outletOf is another outlet of an instance that is shared; nil where there is
// none, or none that a new router could count on. One that Traefik has given up
// comes back to life as long as it lingers.
func (r *registry) outletOf(name, same string, ctx context.Context, next http.Handler) *outlet {
	r.mu.Lock()
	defer r.mu.Unlock()
	inst := r.shared[same+name]
	if inst == nil || inst.failed() {
		return nil
	}
	isBack := !inst.live()
	if isBack && !r.isCurrent(inst) {
		return nil
	}
	o := inst.open(ctx, next)
	outletGroups.add(inst, o)
	if isBack {
		r.rejoin(inst)
		inst.awaitDefinitions()
	}
	return o
}

// rejoin lets others count on an instance's definitions again; r.mu is held.
func (r *registry) rejoin(inst *instance) {
	for _, name := range sortedKeys(inst.rules.clusters) {
		p := r.clusters[name].pool()
		r.follow(r.clusters[name], p, p)
	}
	r.checkOnly()
	r.settleAll()
}

// isCurrent tells whether an instance has the pools that a new one would have, and
// contradicts no definition; r.mu is held.
func (r *registry) isCurrent(inst *instance) bool {
	for _, c := range r.clusters {
		m := c.members[inst]
		if m == nil {
			continue
		}
		p := c.pool()
		if c.name == onlyCluster {
			p = r.poolFor(onlyCluster)
		}
		if p == nil || m.pool != p || m.definition != nil && m.definition.id != p.settings.id {
			return false
		}
	}
	return true
}

// share lets calls of New to come have outlets of the instance, or its rules, unless
// these hold what a file or the environment said; r.mu is held.
func (r *registry) share(inst *instance) {
	if inst.same != "" && !inst.rules.foreign {
		r.shared[inst.same+inst.name] = inst
		r.compiled[inst.same] = inst.rules
	}
}

// unshare ends that; r.mu is held.
func (r *registry) unshare(inst *instance) {
	if r.shared[inst.same+inst.name] == inst {
		delete(r.shared, inst.same+inst.name)
	}
	if r.compiled[inst.same] == inst.rules {
		delete(r.compiled, inst.same)
	}
}

// rulesFor is what a configuration compiles to.
func (r *registry) rulesFor(config *Config, same string) (*rules, error) {
	known := r.compiledAs(same)
	if known != nil {
		return known, nil
	}
	_, fresh, err := checked(config)
	return fresh, err
}

func (r *registry) compiledAs(same string) *rules {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.compiled[same]
}

// open makes an outlet.
func (inst *instance) open(ctx context.Context, next http.Handler) *outlet {
	o := &outlet{ctx: ctx, next: next}
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.settled {
		o.front = newFront(detachedHandler(inst.serving, next))
	} else {
		o.front = newFront(detachedHolding(inst, o))
	}
	inst.outlets[o] = true
	inst.canceled = time.Time{}
	return o
}

// holding keeps requests until there is something to go by, or the client has gone.
func holding(inst *instance, o *outlet) http.HandlerFunc {
	waiting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inst.hold(o, w, r) })
	return handlerFor(&serving{same: waiting, status: inst.rules.statusPath, hidden: inst.rules.hideValues}, o.next)
}

func (inst *instance) hold(o *outlet, w http.ResponseWriter, r *http.Request) {
	// Yaegi: a select statement would share its cases among all requests.
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(inst.loaded)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.Context().Done())},
	})
	if chosen == 0 {
		o.front.handler.ServeHTTP(w, r)
	}
}

// shut ends an outlet, and tells whether it was the last one. Requests that still
// come to it get what is known now.
func (inst *instance) shut(o *outlet) bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if !inst.settled {
		known := servingOf(snapshotOf(inst, &moment{now: time.Now(), maxStale: inst.rules.maxStale}), inst.rules)
		o.front.replace(detachedHandler(known, o.next))
	}
	delete(inst.outlets, o)
	return len(inst.outlets) == 0
}

// live tells whether Traefik has not given the instance up.
func (inst *instance) live() bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	return inst.isLive()
}

// isLive is live with inst.mu held.
func (inst *instance) isLive() bool {
	for o := range inst.outlets {
		if o.ctx.Err() == nil {
			return true
		}
	}
	return false
}

// noteCanceled notes when Traefik gave an instance up. It may have taken it up again
// before it is noted.
func (inst *instance) noteCanceled() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if !inst.isLive() {
		inst.canceled = time.Now()
	}
}

// canceledFor is for how long an instance has been given up that isn't live; nothing
// where that has not been noted yet.
func (inst *instance) canceledFor() time.Duration {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.canceled.IsZero() {
		return 0
	}
	return time.Since(inst.canceled)
}

// fixDraining has the outlets that Traefik has given up stay with what they serve;
// inst.mu is held.
func (inst *instance) fixDraining() {
	for o := range inst.outlets {
		o.fixed = o.fixed || o.ctx.Err() != nil
	}
}

// routers is how many outlets Traefik has not given up.
func (inst *instance) routers() int {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	count := 0
	for o := range inst.outlets {
		if o.ctx.Err() == nil {
			count++
		}
	}
	return count
}

func (inst *instance) failed() bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	return inst.failure != nil
}
