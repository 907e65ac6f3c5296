package middleware

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// A cancelGroup is the bindings whose contexts are cancelled together, as Traefik cancels
// those of a whole configuration.
type cancelGroup struct {
	ctx      context.Context // of one of them; it keeps its channel, whose address is the group's key
	bindings []groupedBinding
}

// A groupedBinding is a binding with the instance that it leads to.
type groupedBinding struct {
	inst    *instance
	binding *binding
}

// cancelGroups are the groups by the channels of their contexts. Traefik gives each
// middleware a context of its own, and all of them end through one channel.
type cancelGroups struct {
	mu  sync.Mutex
	all map[uintptr]*cancelGroup
}

func newCancelGroups() *cancelGroups { return &cancelGroups{all: map[uintptr]*cancelGroup{}} }

// leaveWithContext has a binding leave when its context has been cancelled for the time of
// a linger. One whose context never ends stays.
func leaveWithContext(r *Registry, inst *instance, b *binding) {
	if b.ctx.Done() == nil {
		return
	}
	id := reflect.ValueOf(b.ctx.Done()).Pointer()
	g := r.groups
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.all[id]
	if group == nil {
		group = &cancelGroup{ctx: b.ctx}
		g.all[id] = group
		detachedAwaitCancel(r, b.ctx, id)
	}
	group.bindings = append(group.bindings, groupedBinding{inst: inst, binding: b})
}

func awaitCancel(r *Registry, ctx context.Context, id uintptr) {
	context.AfterFunc(ctx, func() {
		defer func() {
			if r := recover(); r != nil {
				guard.NotePanic("middlewares: lingering", fmt.Sprint(r))
			}
		}()
		lingerGroup(r, id)
	})
}

// lingerGroup notes that a group is cancelled, and has it leave after the linger.
func lingerGroup(r *Registry, id uintptr) {
	group := r.groups.remove(id)
	if group == nil {
		return
	}
	for _, b := range group.bindings {
		noteCanceled(b.inst)
	}
	noteDeparture(r)
	guard.After(clusters.LingerTime(), "middlewares: leaving", func() { leaveTogether(r, group) })
}

// remove returns a group, or nil where it was removed before. Bindings that come later
// with the same context are in another group.
func (g *cancelGroups) remove(id uintptr) *cancelGroup {
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.all[id]
	delete(g.all, id)
	return group
}

// leaveTogether has all bindings of a group leave, each of them even where another one's
// leaving panics.
func leaveTogether(r *Registry, group *cancelGroup) {
	for _, b := range group.bindings {
		leaveOne(r, b)
	}
}

func leaveOne(r *Registry, b groupedBinding) {
	guard.Retry(workName(b.inst.name, "leaving"), func() { r.leave(b.inst, b.binding) })
}
