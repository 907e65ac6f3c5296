package zookeeper

import (
	"context"
	"reflect"
	"sync"
)

// A departure is the end of all outlets whose contexts are cancelled together, as
// Traefik does it with those of a configuration. They stay for the time of a linger.
type departure struct {
	ctx     context.Context // of one of them; it keeps its channel, whose address is the key
	leavers []leaver
}

type leaver struct {
	inst *instance
	from *outlet
}

// departures are those to come, by the channels of their contexts: Traefik gives each
// middleware a context of its own, and all of them end through one channel.
type departures struct {
	mu  sync.Mutex
	all map[uintptr]*departure
}

var departing = &departures{all: map[uintptr]*departure{}}

// leaveAfter ends an outlet some time after its context was cancelled.
func (d *departures) leaveAfter(inst *instance, o *outlet) {
	if o.ctx.Done() == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := reflect.ValueOf(o.ctx.Done()).Pointer()
	together := d.all[id]
	if together == nil {
		together = &departure{ctx: o.ctx}
		d.all[id] = together
		detachedAwait(o.ctx, id)
	}
	together.leavers = append(together.leavers, leaver{inst: inst, from: o})
}

// await has the outlets of a context leave when it is cancelled.
func await(ctx context.Context, id uintptr) {
	context.AfterFunc(ctx, func() { depart(id) })
}

func depart(id uintptr) {
	together := departing.begin(id)
	for _, l := range together.leavers {
		l.inst.noteCanceled()
	}
	after(linger, "middlewares: leaving", together.end)
}

// begin takes a departure; outlets that come with its context later have another one.
func (d *departures) begin(id uintptr) *departure {
	d.mu.Lock()
	defer d.mu.Unlock()
	together := d.all[id]
	delete(d.all, id)
	return together
}

// end has all leave, each of them whatever becomes of the others.
func (d *departure) end() {
	for _, l := range d.leavers {
		l.leave()
	}
}

func (l leaver) leave() {
	insist(l.inst.what("leaving"), func() { clusters.leave(l.inst, l.from) })
}
