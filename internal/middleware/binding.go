package middleware

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// A binding is a router's use of an instance: where its requests come to the instance,
// and where they go on to.
type binding struct {
	ctx      context.Context
	next     http.Handler
	switcher *switcher // the only thing that a request touches; nil until the router gets it
	isFrozen bool      // its handler stays, since the cluster has become another one while it drained
}

// openFirst puts a new instance into a route. The binding has no switcher before the first values
// are there, or waitForFirst is called.
func openFirst(inst *instance, to *Route) *binding {
	b := &binding{ctx: to.Context, next: to.Next}
	inst.mu.Lock()
	defer inst.mu.Unlock()
	stateOf(inst).bindings[b] = true
	return b
}

// waitForFirst has requests wait for the first values, unless these are there, and has the
// instance begin at the deadline without those that aren't there by then.
func waitForFirst(inst *instance, first *binding) {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	s := stateOf(inst)
	if first.switcher == nil {
		first.switcher = newSwitcher(detachedWaitingHandler(s, first))
	}
	if !s.isSettled {
		s.startup = s.refreshAfter(s.rules.StartupTimeout, "startup")
	}
}

// open puts the instance into another route.
func open(inst *instance, to *Route) *binding {
	b := &binding{ctx: to.Context, next: to.Next}
	inst.mu.Lock()
	defer inst.mu.Unlock()
	s := stateOf(inst)
	if s.isSettled {
		b.switcher = newSwitcher(serve.HandlerFor(s.builder.(*serve.Builder), to.Next))
	} else {
		b.switcher = newSwitcher(detachedWaitingHandler(s, b))
	}
	s.bindings[b] = true
	s.canceled = time.Time{}
	return b
}

// waitingHandler keeps requests until there are values to go by, or the client has gone.
func waitingHandler(s *instanceState, b *binding) http.HandlerFunc {
	bound, loaded := s.bound, s.loaded
	waiting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if waitFor(loaded, r) {
			b.switcher.handler.ServeHTTP(w, r)
		} else {
			bound.Unavailable()(w, r) // it may still read the answer
		}
	})
	return serve.WaitingHandler(waiting, bound)
}

// waitFor tells whether there are values to go by before the client has gone.
func waitFor(loaded chan struct{}, r *http.Request) bool {
	// Yaegi: a select statement would share its cases among all requests.
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(loaded)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.Context().Done())},
	})
	return chosen == 0
}

// close ends a binding, and tells whether it was the last one. Requests that still come
// to it get what is known now.
func (inst *instance) close(b *binding) bool {
	s := lock(inst)
	defer inst.mu.Unlock()
	if !s.isSettled {
		known := serve.NewBuilder(s.bound, &input.Expiry{Now: time.Now(), MaxStale: s.rules.MaxStale})
		replaceHandler(b.switcher, serve.HandlerFor(known, b.next))
	}
	delete(s.bindings, b)
	return len(s.bindings) == 0
}

// freezeDraining has the bindings that Traefik has given up stay with what they serve.
func (s *instanceState) freezeDraining() {
	for b := range s.bindings {
		b.isFrozen = b.isFrozen || b.ctx.Err() != nil
	}
}

// liveRouters is how many routers there are that Traefik has not given up.
func (s *instanceState) liveRouters() int {
	count := 0
	for b := range s.bindings {
		if b.ctx.Err() == nil {
			count++
		}
	}
	return count
}

// isLive tells whether there is a router that Traefik has not given up.
func isLive(s *instanceState) bool {
	for b := range s.bindings {
		if b.ctx.Err() == nil {
			return true
		}
	}
	return false
}
