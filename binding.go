package zookeeper

import (
	"context"
	"net/http"
	"reflect"
	"time"
)

// A binding is what one call of New makes: where a router's requests come to the
// instance, and go on to its service.
type binding struct {
	ctx   context.Context
	next  http.Handler
	swap  *swap // the only thing that a request touches
	fixed bool  // it drains, and goes by what it had before the cluster became another one
}

// openBinding puts an instance into a route.
func openBinding(inst *instance, to *route) *binding {
	b := &binding{ctx: to.ctx, next: to.next}
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.settled {
		b.swap = newSwap(handlerFor(inst.wrapper, to.next))
	} else {
		b.swap = newSwap(detachedHolding(inst, b))
	}
	inst.bindings[b] = true
	inst.canceled = time.Time{}
	return b
}

// holding keeps requests until there is something to go by, or the client has gone.
func holding(inst *instance, b *binding) http.HandlerFunc {
	waiting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hold(inst, b, w, r) })
	return handlerFor(waitingWrapper(waiting, inst.basis), b.next)
}

func hold(inst *instance, b *binding, w http.ResponseWriter, r *http.Request) {
	// Yaegi: a select statement would share its cases among all requests.
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(inst.loaded)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.Context().Done())},
	})
	if chosen == 0 {
		b.swap.handler.ServeHTTP(w, r)
	}
}

// closeBinding ends a binding, and tells whether it was the last one. Requests that
// still come to it get what is known now.
func closeBinding(inst *instance, b *binding) bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if !inst.settled {
		known := wrapperOf(snapshotOf(inst.basis, &expiryClock{now: time.Now(), maxStale: inst.rules.maxStale}), inst.basis)
		b.swap.replace(handlerFor(known, b.next))
	}
	delete(inst.bindings, b)
	return len(inst.bindings) == 0
}

// fixDraining has the bindings that Traefik has given up stay with what they serve.
func fixDraining(bindings map[*binding]bool) {
	for b := range bindings {
		b.fixed = b.fixed || b.ctx.Err() != nil
	}
}

// routersOf is how many routers an instance has that Traefik has not given up.
func routersOf(inst *instance) int {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	count := 0
	for b := range inst.bindings {
		if b.ctx.Err() == nil {
			count++
		}
	}
	return count
}

// isAnyLive tells whether there is one that Traefik has not given up.
func isAnyLive(bindings map[*binding]bool) bool {
	for b := range bindings {
		if b.ctx.Err() == nil {
			return true
		}
	}
	return false
}
