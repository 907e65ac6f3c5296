// Package followers has Go code told of what nodes hold, as middlewares are: by subscriptions to
// the same caches, so that what both read is read and watched once.
package followers

import (
	"context"
	"sync"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Registry has the followers of a process.
type Registry struct {
	clusters *clusters.Registry

	mu  sync.Mutex
	all map[*Follower]bool
}

// NewRegistry returns a registry without followers.
func NewRegistry(known *clusters.Registry) *Registry {
	return &Registry{clusters: known, all: map[*Follower]bool{}}
}

// A Request says what is followed, and who is told.
type Request struct {
	Context context.Context // the following ends with it
	Cluster string          // its name
	Target  *cache.Target
	// Update is called with what is to be asked whenever something may have changed, one call at
	// a time. It must not block.
	Update func(seen *cache.Subscription)
	// Ended is called once, when the following has ended.
	Ended func()
}

// A Follower is a member of the cluster that it reads from, and so moves with its definition
// from one ensemble to another.
type Follower struct {
	request    *Request
	registry   *Registry
	membership *clusters.Membership
	listener   *session.Listener

	mu           sync.Mutex          // taken before the locks of the cache
	subscription *cache.Subscription // nil until somebody defines the cluster, and after the end
	ended        bool
}

// Start begins to follow. It returns ErrNotFound for a cluster that nobody defines.
func (r *Registry) Start(request *Request) (*Follower, error) {
	if !r.clusters.Knows(request.Cluster) {
		return nil, clusters.NotFound(request.Cluster)
	}
	f := detachedFollower(r, request)
	m, err := r.clusters.Join(&clusters.JoinRequest{Member: asMember(f), Middleware: f.listener.What, Uses: []string{request.Cluster}, Accepted: func() {}})
	if err != nil {
		return nil, err
	}
	f.membership = m
	r.mu.Lock()
	r.all[f] = true
	r.mu.Unlock()
	if request.Context.Done() != nil {
		detachedAwaitEnd(f)
	}
	f.update()
	return f, nil
}

func newFollower(r *Registry, request *Request) *Follower {
	f := &Follower{request: request, registry: r}
	path := request.Target.Path
	if request.Target.Pattern != nil {
		path = request.Target.Pattern.Text
	}
	f.listener = &session.Listener{What: "following " + path + " of cluster " + request.Cluster, Changed: f.update, Staleness: true}
	return f
}

// Yaegi: an interface would go on referring to the variable that it was made of.
func asMember(f *Follower) clusters.Member { return f }

// update has what is known taken in.
func (f *Follower) update() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subscription != nil && !f.ended {
		f.request.Update(f.subscription)
	}
}

// End ends the following, once its context is done or before.
func (f *Follower) End() {
	r := f.registry
	r.mu.Lock()
	isFirst := r.all[f]
	delete(r.all, f)
	r.mu.Unlock()
	if !isFirst {
		return
	}
	f.stop()
	r.clusters.Leave(f.membership)
	f.request.Ended()
}

func (f *Follower) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	if f.subscription != nil {
		f.subscription.Cancel()
		f.subscription = nil
	}
}

// EndAll ends all followings.
func (r *Registry) EndAll() {
	for _, f := range r.followers() {
		f.End()
	}
}

func (r *Registry) followers() []*Follower {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*Follower
	for f := range r.all {
		all = append(all, f)
	}
	return all
}

// What follows is for the registry of clusters, which holds its lock.

// IsLive tells whether the following goes on.
func (f *Follower) IsLive() bool { return f.request.Context.Err() == nil }

// CanceledFor is never needed, since a follower defines nothing.
func (f *Follower) CanceledFor() time.Duration { return 0 }

// ReadFrom has the follower read from another cache. What was known stays until that has it.
func (f *Follower) ReadFrom(_ string, c *cache.Cache) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return
	}
	before := f.subscription
	f.subscription = cache.Subscribe(c, f.listener, f.request.Target)
	if before != nil {
		before.Cancel()
	}
	f.request.Update(f.subscription)
}

// Fail is never called, since a follower names its cluster.
func (f *Follower) Fail(_ error) {}

// Refuse is never called, since a follower defines nothing.
func (f *Follower) Refuse(_ error) {}

// Resume is never called, since nothing is refused.
func (f *Follower) Resume() {}
