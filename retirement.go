package zookeeper

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// A cancelGroup is the outlets whose contexts are cancelled together, as Traefik does
// it with those of a configuration. They stay for the time of a linger.
type cancelGroup struct {
	ctx     context.Context // of one of them; it keeps its channel, whose address is the key
	outlets []groupedOutlet
}

type groupedOutlet struct {
	inst *instance
	from *outlet
}

// cancelGroups are the groups by the channels of their contexts: Traefik gives each
// middleware a context of its own, and all of them end through one channel.
type cancelGroups struct {
	mu  sync.Mutex
	all map[uintptr]*cancelGroup
}

var outletGroups = &cancelGroups{all: map[uintptr]*cancelGroup{}}

// add has an outlet leave some time after its context was cancelled.
func (g *cancelGroups) add(inst *instance, o *outlet) {
	if o.ctx.Done() == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	id := reflect.ValueOf(o.ctx.Done()).Pointer()
	group := g.all[id]
	if group == nil {
		group = &cancelGroup{ctx: o.ctx}
		g.all[id] = group
		detachedAwaitCancel(o.ctx, id)
	}
	group.outlets = append(group.outlets, groupedOutlet{inst: inst, from: o})
}

func awaitCancel(ctx context.Context, id uintptr) {
	context.AfterFunc(ctx, func() {
		defer func() {
			if r := recover(); r != nil {
				notePanic("middlewares: lingering", fmt.Sprint(r))
			}
		}()
		lingerGroup(id)
	})
}

func lingerGroup(id uintptr) {
	group := outletGroups.take(id)
	if group == nil {
		return
	}
	for _, o := range group.outlets {
		o.inst.noteCanceled()
	}
	after(linger, "middlewares: leaving", group.leave)
}

// take returns a group, nil where it was taken before; outlets that come with its context later are in another one.
func (g *cancelGroups) take(id uintptr) *cancelGroup {
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.all[id]
	delete(g.all, id)
	return group
}

// leave has all outlets leave, each of them whatever becomes of the others.
func (g *cancelGroup) leave() {
	for _, o := range g.outlets {
		o.leave()
	}
}

func (o groupedOutlet) leave() {
	insist(o.inst.what("leaving"), func() { clusters.leave(o.inst, o.from) })
}
