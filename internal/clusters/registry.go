// Package clusters has the clusters of the process by their names: how each is defined,
// which middlewares use it, and the session and cache that they share. It decides which
// definition of a cluster is in force, and how long a session stays that nobody uses.
package clusters

import (
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// ErrNotFound: nobody defines a cluster of that name.
var ErrNotFound = errors.New("zookeeper: no such cluster")

// NotFound is ErrNotFound with what to do about it.
func NotFound(name string) error {
	return fmt.Errorf("%w: %q: register it, or define it in a middleware", ErrNotFound, name)
}

// A Registry knows the clusters of a process. Middlewares come and go with each reload of
// Traefik's, and what they share outlives that. All methods may be called from any
// goroutine, but not by a Member that the registry calls.
//
// Locks are taken in the order registry of middlewares, registry of clusters, instance,
// session.
type Registry struct {
	mu    sync.Mutex
	state *state // to be had from lock alone
}

// lingerTime is a time.Duration.
var lingerTime atomic.Int64

func init() { lingerTime.Store(int64(30 * time.Second)) }

// LingerTime is how long what Traefik or other code has given up stays. It bridges a
// reload, also one with a configuration that is empty for a moment.
func LingerTime() time.Duration { return time.Duration(lingerTime.Load()) }

// NewRegistry returns a registry without clusters.
func NewRegistry() *Registry {
	return &Registry{
		state: &state{clusters: map[string]*cluster{}, members: map[*Membership]bool{}},
	}
}

// A state is what a registry knows of clusters. Who has it holds the registry's lock.
// Clusters, their uses and their pools are reached from the state alone, so their methods
// are called with the lock too.
type state struct {
	clusters    map[string]*cluster
	members     map[*Membership]bool // also those that use no cluster
	uses        int64                // how many there have been
	isUndecided bool                 // there are definitions to decide about later
	isScheduled bool                 // a timer is set for that
}

// lock takes the registry's lock and returns what belongs to it.
func lock(r *Registry) *state {
	r.mu.Lock()
	return r.state
}

// unlock gives the lock back. Where definitions wait, it sets a timer first.
func unlock(r *Registry) {
	if r.state.isUndecided && !r.state.isScheduled {
		r.state.isScheduled = true
		detachedDecideAfter(r, decisionInterval)
	}
	r.state.isUndecided = false
	r.mu.Unlock()
}

// A cluster is a name with the definition in force and all who use it.
type cluster struct {
	name       string
	registered *ensemble.Settings // by Register; nil where only middlewares define it
	latest     *pool              // of the definition in force; nil until there is one
	uses       map[*Membership]*use
	definers   map[*Membership]*use // those with a definition
	definer    *use                 // one of them that was live when it was looked for; nil for none
	waiting    map[*Membership]*use // those whose definition contradicts the one in force
}

// openPool is the pool of the definition in force; nil where there is none, or it has
// closed.
func openPool(c *cluster) *pool {
	if c == nil || c.latest == nil || c.latest.users == 0 {
		return nil
	}
	return c.latest
}

// findOrAdd returns the cluster of a name.
func findOrAdd(s *state, name string) *cluster {
	c := s.clusters[name]
	if c == nil {
		c = &cluster{name: name, uses: map[*Membership]*use{}, definers: map[*Membership]*use{}, waiting: map[*Membership]*use{}}
		s.clusters[name] = c
	}
	return c
}

// removeUnused drops a cluster that nobody defines, uses or holds any more.
func (s *state) removeUnused(c *cluster) {
	if c != nil && len(c.uses) == 0 && c.registered == nil && openPool(c) == nil {
		delete(s.clusters, c.name)
	}
}

// moveUsers moves the uses of a cluster from one pool to another, and those that have no
// pool yet. Uses that Traefik has given up stay where they are.
func moveUsers(s *state, c *cluster, before, after *pool) {
	if before != after {
		moveUsersOf(c, before, after)
	}
	only := s.clusters[ensemble.OnlyCluster]
	if only != nil {
		moveUsersOf(only, before, after)
	}
}

func moveUsersOf(c *cluster, before, after *pool) {
	for _, u := range c.uses {
		if u.isLive() && !u.isRefused && (u.pool == nil || u.pool == before) {
			moveTo(u, after)
		}
	}
}

// poolWith is a pool with these settings: the open one, whose settings change, where they
// mean the same ensemble, and a new one otherwise.
func poolWith(c *cluster, wanted *ensemble.Settings) *pool {
	p := openPool(c)
	if p != nil && p.settings.ID == wanted.ID {
		p.isRegistered = c.registered != nil
		return p
	}
	return changedPool(c, p, wanted)
}

// changedPool is poolWith where the open pool, which is nil for none, has other settings.
func changedPool(c *cluster, p *pool, wanted *ensemble.Settings) *pool {
	if p == nil || !p.settings.SameEnsemble(wanted) {
		if p != nil {
			p.session().Supersede()
		}
		c.latest = newPool(c.name, wanted)
		c.latest.isRegistered = c.registered != nil
		return c.latest
	}
	p.isRegistered = c.registered != nil
	p.settings = wanted
	p.session().Redefine(wanted)
	return p
}

// poolFor is the pool of a cluster's name, which may have to be made. It is nil where
// nobody defines the cluster.
func poolFor(s *state, name string) *pool {
	if name == ensemble.OnlyCluster {
		defined := s.defined()
		if len(defined) != 1 {
			return nil
		}
		name = defined[0]
	}
	c := s.clusters[name]
	wanted := settingsOf(c)
	if wanted == nil {
		return nil
	}
	return poolWith(c, wanted)
}

// defined names the clusters that are registered or that a live middleware defines.
func (s *state) defined() []string {
	var names []string
	for name, c := range s.clusters {
		if c.isDefined() {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// checkOnly fails the members that mean the only cluster where there are two by now, since
// it can't be told which of them they mean.
func checkOnly(s *state) {
	only := s.clusters[ensemble.OnlyCluster]
	if only != nil {
		failIfSeveral(s, only)
	}
}

func failIfSeveral(s *state, only *cluster) {
	if len(s.defined()) < 2 {
		return
	}
	for _, u := range only.uses {
		if u.isLive() {
			u.by.member.Fail(ensemble.SeveralClusters(s.defined()))
		}
	}
}

// Register defines a cluster until Unregister. Its session stays once somebody has used it.
// The error says that another definition contradicts it.
func (r *Registry) Register(name string, definition *ensemble.Settings) error {
	s := lock(r)
	defer unlock(r)
	err := contradiction(s, &proposal{cluster: name, definition: definition})
	if err != nil {
		return err
	}
	c := findOrAdd(s, name)
	c.registered = definition
	putInForce(s, c, definition)
	p := openPool(c)
	if p != nil {
		keepPool(p)
	}
	checkOnly(s)
	decideAll(s)
	return nil
}

// Unregister ends what Register began, and returns false where nobody did. A session is closed
// where nobody else uses it or has leased it.
func (r *Registry) Unregister(name string) bool {
	s := lock(r)
	defer unlock(r)
	c := s.clusters[name]
	if c == nil || c.registered == nil {
		return false
	}
	s.unregister(c)
	decideAll(s)
	return true
}

func (s *state) unregister(c *cluster) {
	c.registered = nil
	p := openPool(c)
	if p != nil {
		p.unregister()
		if p.leases == 0 { // it lingers for nobody
			endLeases(s, p)
		}
	}
	s.removeUnused(c)
}

// Close ends what Register began for all clusters, and what has been leased.
func (r *Registry) Close() {
	s := lock(r)
	defer unlock(r)
	for _, name := range lists.SortedKeys(s.clusters) {
		c := s.clusters[name]
		p := openPool(c)
		if c.registered != nil {
			s.unregister(c)
		}
		if p != nil {
			endLeases(s, p)
		}
	}
	decideAll(s)
}

// Sessions are those of all clusters that somebody uses.
func (r *Registry) Sessions() []*session.Session {
	var all []*session.Session
	for _, p := range r.pools() {
		all = append(all, p.session())
	}
	return all
}

// Knows tells whether a cluster has a definition.
func (r *Registry) Knows(name string) bool {
	s := lock(r)
	defer unlock(r)
	return settingsOf(s.clusters[name]) != nil
}

// Reports tells of all clusters that somebody uses, by their names. Those that drain come
// last. Of the nodes in the caches, those are listed that are wanted.
func (r *Registry) Reports(wanted *cache.NodeSelection) []*Report {
	seen := map[string]bool{}
	var all []*Report
	for _, p := range r.pools() {
		report := &Report{Draining: seen[p.session().Name]}
		report.Session = session.ReportOf(p.session())
		report.Cache, report.Templates = cache.ReportOf(p.cache(), wanted)
		seen[p.session().Name] = true
		all = append(all, report)
	}
	return all
}

// pools are those that somebody uses, by the names of their clusters. Those in force come
// first.
func (r *Registry) pools() []*pool {
	s := lock(r)
	defer unlock(r)
	var used []*pool
	names := lists.SortedKeys(s.clusters)
	for _, name := range names {
		used = append(used, openPool(s.clusters[name]))
	}
	for _, name := range names {
		for _, u := range s.clusters[name].uses {
			used = append(used, u.pool)
		}
	}
	seen := map[*pool]bool{}
	var all []*pool
	for _, p := range used {
		if p != nil && !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}
