package zookeeper

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// A cancelGroup is the bindings whose contexts are cancelled together, as Traefik does
// it with those of a configuration. They stay for the time of a linger.
type cancelGroup struct {
	ctx      context.Context // of one of them; it keeps its channel, whose address is the key
	bindings []groupedBinding
}

type groupedBinding struct {
	inst *instance
	made *binding
}

// cancelGroups are the groups by the channels of their contexts: Traefik gives each
// middleware a context of its own, and all of them end through one channel.
type cancelGroups struct {
	mu  sync.Mutex
	all map[uintptr]*cancelGroup
}

func newCancelGroups() *cancelGroups { return &cancelGroups{all: map[uintptr]*cancelGroup{}} }

// leaveWithContext has a binding leave some time after its context was cancelled.
func leaveWithContext(r *middlewareRegistry, inst *instance, b *binding) {
	if b.ctx.Done() == nil {
		return
	}
	id := reflect.ValueOf(b.ctx.Done()).Pointer()
	if r.groups.add(id, inst, b) {
		detachedAwaitCancel(r, b.ctx, id)
	}
}

// add puts a binding into its group, and tells whether it is the first one there.
func (g *cancelGroups) add(id uintptr, inst *instance, b *binding) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.all[id]
	isFirst := group == nil
	if isFirst {
		group = &cancelGroup{ctx: b.ctx}
		g.all[id] = group
	}
	group.bindings = append(group.bindings, groupedBinding{inst: inst, made: b})
	return isFirst
}

func awaitCancel(r *middlewareRegistry, ctx context.Context, id uintptr) {
	context.AfterFunc(ctx, func() {
		defer func() {
			if r := recover(); r != nil {
				notePanic("middlewares: lingering", fmt.Sprint(r))
			}
		}()
		lingerGroup(r, id)
	})
}

func lingerGroup(r *middlewareRegistry, id uintptr) {
	group := r.groups.remove(id)
	if group == nil {
		return
	}
	for _, b := range group.bindings {
		b.inst.noteCanceled()
	}
	after(lingerTime(), "middlewares: leaving", func() { leaveTogether(r, group) })
}

// remove returns a group, nil where it was removed before; bindings that come with its
// context later are in another one.
func (g *cancelGroups) remove(id uintptr) *cancelGroup {
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.all[id]
	delete(g.all, id)
	return group
}

// leaveTogether has all bindings leave, each of them whatever becomes of the others.
func leaveTogether(r *middlewareRegistry, group *cancelGroup) {
	for _, b := range group.bindings {
		leaveAlone(r, b)
	}
}

func leaveAlone(r *middlewareRegistry, b groupedBinding) {
	insist(b.inst.what("leaving"), func() { r.leave(b.inst, b.made) })
}
