package middleware

import (
	"context"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// A Misconfigured is a router whose middleware answers 503 to everything, since its
// configuration can't be used and has gates.
type Misconfigured struct {
	Middleware string   // its name
	Problem    string   // what is wrong with the configuration
	Keys       []string // of the mistakes; nil where they aren't known
}

// MisconfiguredBy is a middleware of a name, with the error that its configuration gave.
func MisconfiguredBy(name string, err error) *Misconfigured {
	return &Misconfigured{Middleware: name, Problem: err.Error(), Keys: problems.KeysOf(err)}
}

// A misconfiguredList has those of the process.
type misconfiguredList struct {
	mu      sync.Mutex
	present map[*Misconfigured]bool
}

func newMisconfiguredList() *misconfiguredList {
	return &misconfiguredList{present: map[*Misconfigured]bool{}}
}

// NoteMisconfigured keeps what is wrong with a middleware until its context is done.
func (r *Registry) NoteMisconfigured(ctx context.Context, m *Misconfigured) {
	l := r.faulty
	l.mu.Lock()
	defer l.mu.Unlock()
	l.present[m] = true
	context.AfterFunc(ctx, func() { l.forget(m) })
}

func (l *misconfiguredList) forget(m *Misconfigured) {
	guard.Retry("forgetting a misconfigured middleware", func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.present, m)
	})
}

// Misconfigured are those whose contexts aren't done, one for each router, in no order.
func (r *Registry) Misconfigured() []*Misconfigured {
	l := r.faulty
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*Misconfigured
	for m := range l.present {
		all = append(all, m)
	}
	return all
}
