package zookeeper

import (
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// A clusterRegistry knows the clusters of the process by their names: how they are
// defined, who uses them, and the pools of their connections. Middlewares come and go
// with each reload of Traefik's, and the pools outlive that.
//
// Locks are taken in the order registry of middlewares, registry of clusters,
// instance, pool.
type clusterRegistry struct {
	mu    sync.Mutex
	state *clusterState // to be had from lock alone
}

// lingering is how long what Traefik or other code has given up stays. It bridges
// the reload, also one with a configuration that is empty for a moment.
var lingering atomic.Int64

func init() { lingering.Store(int64(30 * time.Second)) }

// lingerTime is how long what has been given up stays.
func lingerTime() time.Duration { return time.Duration(lingering.Load()) }

func newClusterRegistry() *clusterRegistry {
	return &clusterRegistry{
		state: &clusterState{clusters: map[string]*clusterEntry{}, members: map[*membership]bool{}},
	}
}

// A clusterState is what a registry knows of clusters. Who has it holds the
// registry's lock.
type clusterState struct {
	clusters  map[string]*clusterEntry
	members   map[*membership]bool // also those that use no cluster
	uses      int64                // how many there have been
	undecided bool                 // there are definitions to look at again later
	scheduled bool                 // a timer will
}

// lock takes the registry's lock and returns what belongs to it.
func (r *clusterRegistry) lock() *clusterState {
	r.mu.Lock()
	return r.state
}

// unlock gives the lock back, and has a timer look again at definitions that wait.
func (r *clusterRegistry) unlock() {
	if r.state.undecided && !r.state.scheduled {
		r.state.scheduled = true
		detachedSettleAfter(r, settleEvery)
	}
	r.state.undecided = false
	r.mu.Unlock()
}

// A clusterEntry is a name with the definition in force and all who use it.
type clusterEntry struct {
	name       string
	registered *settings   // by Register, for good; nil where only middlewares define it
	latest     *sharedPool // of the definition in force; nil until there is one
	uses       map[*membership]*clusterUse
	definers   map[*membership]*clusterUse // those with a definition
	waiting    map[*membership]*clusterUse // those whose definition contradicts the one in force
}

// pool is where new uses go; nil where there is none, or it has closed.
func (c *clusterEntry) pool() *sharedPool {
	if c == nil || c.latest == nil || c.latest.users == 0 {
		return nil
	}
	return c.latest
}

// find returns the cluster of a name, which is made where there is none.
func (s *clusterState) find(name string) *clusterEntry {
	c := s.clusters[name]
	if c == nil {
		c = &clusterEntry{name: name, uses: map[*membership]*clusterUse{}, definers: map[*membership]*clusterUse{}, waiting: map[*membership]*clusterUse{}}
		s.clusters[name] = c
	}
	return c
}

// forgetUnused drops a cluster that nobody defines, uses or holds any more.
func (s *clusterState) forgetUnused(c *clusterEntry) {
	if c != nil && len(c.uses) == 0 && c.registered == nil && c.pool() == nil {
		delete(s.clusters, c.name)
	}
}

// follow has those move to a pool who use the cluster through the one before, or
// through none yet.
func (s *clusterState) follow(c *clusterEntry, before, after *sharedPool) {
	if before != after {
		c.follow(before, after)
	}
	only := s.clusters[onlyCluster]
	if only != nil {
		only.follow(before, after)
	}
}

func (c *clusterEntry) follow(before, after *sharedPool) {
	for _, u := range c.uses {
		if u.isLive() && !u.refused && (u.pool == nil || u.pool == before) {
			u.bind(after)
		}
	}
}

// poolWith is the cluster's pool if it is of the ensemble that these settings mean,
// with these settings, or a new one.
func (c *clusterEntry) poolWith(wanted *settings) *sharedPool {
	p := c.pool()
	if p == nil || !p.settings.sameEnsemble(wanted) {
		if p != nil {
			p.session.supersede()
		}
		c.latest = newSharedPool(c.name, wanted)
		return c.latest
	}
	if p.settings.id != wanted.id {
		p.settings = wanted
		p.session.redefine(wanted)
	}
	return p
}

// poolFor is the pool of a cluster, nil where there is no definition.
func (s *clusterState) poolFor(name string) *sharedPool {
	if name == onlyCluster {
		defined := s.defined()
		if len(defined) != 1 {
			return nil
		}
		name = defined[0]
	}
	c := s.clusters[name]
	wanted := c.inForce()
	if wanted == nil {
		return nil
	}
	return c.poolWith(wanted)
}

// defined names the clusters that are registered or that a live middleware defines.
func (s *clusterState) defined() []string {
	var names []string
	for name, c := range s.clusters {
		if c.isDefined() {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// checkOnly stops the members that count on a single cluster where there is another
// one now: which of them they meant can't be told.
func (s *clusterState) checkOnly() {
	only := s.clusters[onlyCluster]
	if only == nil || len(s.defined()) < 2 {
		return
	}
	for _, u := range only.uses {
		if u.isLive() {
			u.by.who.Fail(severalClusters(s.defined()))
		}
	}
}

// register defines a cluster for good.
func (r *clusterRegistry) register(name string, definition *settings) error {
	s := r.lock()
	defer r.unlock()
	err := s.conflict(name, definition, "")
	if err != nil {
		return err
	}
	c := s.find(name)
	c.registered = definition
	s.putInForce(c, definition)
	s.checkOnly()
	s.settleAll()
	return nil
}

// knows tells whether a cluster has a definition.
func (r *clusterRegistry) knows(name string) bool {
	s := r.lock()
	defer r.unlock()
	return s.clusters[name].inForce() != nil
}

// pools are all that somebody uses, by the names of their clusters: those in force,
// and then those that drain.
func (r *clusterRegistry) pools() []*sharedPool {
	s := r.lock()
	defer r.unlock()
	var used []*sharedPool
	names := sortedKeys(s.clusters)
	for _, name := range names {
		used = append(used, s.clusters[name].pool())
	}
	for _, name := range names {
		for _, u := range s.clusters[name].uses {
			used = append(used, u.pool)
		}
	}
	seen := map[*sharedPool]bool{}
	var all []*sharedPool
	for _, p := range used {
		if p != nil && !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}
