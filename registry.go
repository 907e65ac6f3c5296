package zookeeper

import (
	"sort"
	"sync"
	"time"
)

// registry maps the names of clusters to their pools, for the whole process.
// Traefik makes new instances and cancels the old ones at every reload, so what
// instances share is counted here, and lingers.
type registry struct {
	mu        sync.Mutex
	clusters  map[string]*cluster
	instances map[*instance]bool
	members   int64                // how many there have been
	settling  bool                 // a timer decides about definitions
	wishing   map[*instance]bool   // those that want something of the log
	shared    map[string]*instance // by configuration and name
	compiled  map[string]*rules    // by configuration
	tallies   map[string]*tally    // by middleware and gate
	mistakes  map[*mistake]bool
}

// cluster is a name with the definition in force and all who use it.
type cluster struct {
	name       string
	registered *settings // by Register, for good; nil where only middlewares define it
	latest     *pool     // of the definition in force; nil until there is one
	members    map[*instance]*member
	definers   map[*instance]*member // those with a definition
	waiting    map[*instance]*member // those whose definition contradicts the one in force
}

// pool is where new members go; nil where there is none, or it has closed.
func (c *cluster) pool() *pool {
	if c == nil || c.latest == nil || c.latest.refs == 0 {
		return nil
	}
	return c.latest
}

// member is an instance's use of a cluster.
type member struct {
	inst       *instance
	name       string    // of the cluster
	definition *settings // nil where it doesn't define the cluster
	number     int64     // members that came later have a higher one
	pool       *pool
	contests   time.Time // since when its definition contradicts the one in force; zero while it doesn't
	refused    bool      // the contradiction has lasted
}

func (m *member) live() bool { return m.inst.live() }

// linger is how long an instance goes on after its ctx was cancelled. It bridges
// the reload, also one with a configuration that is empty for a moment.
var linger = 30 * time.Second

// onlyCluster stands for the one cluster there is, where a rule names none.
const onlyCluster = ""

var clusters = &registry{
	clusters: map[string]*cluster{}, instances: map[*instance]bool{}, wishing: map[*instance]bool{}, shared: map[string]*instance{}, compiled: map[string]*rules{},
	tallies: map[string]*tally{}, mistakes: map[*mistake]bool{},
}

// join makes the instance a member of all clusters that it defines or uses, and
// binds it to their pools. A cluster that nobody has defined yet binds it later.
func (r *registry) join(inst *instance) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	defined := sortedKeys(inst.rules.clusters)
	for _, name := range defined {
		err := r.conflict(name, inst.rules.clusters[name], inst.name)
		if err != nil {
			return err
		}
	}
	err := inst.rules.ambiguity(r.defined())
	if err != nil {
		return err
	}
	r.admit(inst)
	for _, name := range defined {
		r.add(&member{inst: inst, name: name, definition: inst.rules.clusters[name]})
	}
	for _, name := range inst.rules.uses {
		if inst.rules.clusters[name] == nil {
			r.add(&member{inst: inst, name: name})
		}
	}
	r.checkOnly()
	r.settleAll()
	r.share(inst)
	return nil
}

func (r *registry) add(m *member) {
	c := r.cluster(m.name)
	r.members++
	m.number = r.members
	c.members[m.inst] = m
	if m.definition != nil {
		c.definers[m.inst] = m
		r.define(c, m)
	} else {
		m.bind(r.poolFor(m.name))
	}
}

func (r *registry) cluster(name string) *cluster {
	c := r.clusters[name]
	if c == nil {
		c = &cluster{name: name, members: map[*instance]*member{}, definers: map[*instance]*member{}, waiting: map[*instance]*member{}}
		r.clusters[name] = c
	}
	return c
}

func (r *registry) follow(c *cluster, before, after *pool) {
	if before != after {
		c.follow(before, after)
	}
	only := r.clusters[onlyCluster]
	if only != nil {
		only.follow(before, after)
	}
}

// poolWith is the cluster's pool if it is of the ensemble that these settings mean,
// with these settings, or a new one.
func (c *cluster) poolWith(s *settings) *pool {
	p := c.pool()
	if p == nil || !p.settings.sameEnsemble(s) {
		if p != nil {
			p.supersede()
		}
		c.latest = detachedPool(c.name, s)
		return c.latest
	}
	if p.settings.id != s.id {
		p.redefine(s)
	}
	return p
}

func (c *cluster) follow(before, after *pool) {
	for _, m := range c.members {
		if m.live() && !m.refused && (m.pool == nil || m.pool == before) {
			m.bind(after)
		}
	}
}

// poolFor is the pool of a cluster, nil where there is no definition.
func (r *registry) poolFor(name string) *pool {
	if name == onlyCluster {
		defined := r.defined()
		if len(defined) != 1 {
			return nil
		}
		name = defined[0]
	}
	c := r.clusters[name]
	s := c.inForce()
	if s == nil {
		return nil
	}
	return c.poolWith(s)
}

// defined names the clusters that are registered or that a live middleware defines.
func (r *registry) defined() []string {
	var names []string
	for name, c := range r.clusters {
		if c.definedLive() {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// checkOnly stops the instances that count on a single cluster where there is
// another one now: which of them they meant can't be told.
func (r *registry) checkOnly() {
	only := r.clusters[onlyCluster]
	if only == nil || len(r.defined()) < 2 {
		return
	}
	for _, m := range only.members {
		if m.live() {
			m.inst.fail(ambiguous(r.defined()))
		}
	}
}

// bind moves the member to a pool, which closes when its last member has gone.
func (m *member) bind(p *pool) {
	before := m.pool
	if before == p {
		return
	}
	m.pool = p
	if p != nil {
		p.refs++
		m.inst.bind(m.name, p)
	}
	if before != nil {
		before.unref()
	}
}

func (p *pool) unref() {
	p.refs--
	if p.refs == 0 {
		p.close()
	}
}

// leave ends an outlet, and with the last one the instance's membership everywhere.
func (r *registry) leave(inst *instance, o *outlet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !inst.shut(o) {
		return
	}
	inst.retire()
	r.dismiss(inst)
	r.unshare(inst)
	for name, c := range r.clusters {
		m := c.members[inst]
		if m == nil {
			continue
		}
		delete(c.members, inst)
		delete(c.definers, inst)
		delete(c.waiting, inst)
		if m.pool != nil {
			m.pool.unref()
		}
		if len(c.members) == 0 && c.registered == nil {
			delete(r.clusters, name)
		}
	}
	r.settleAll()
}

// undefined names the clusters that the instance uses and no live middleware
// defines.
func (r *registry) undefined(inst *instance) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return inst.rules.lacks(r.defined())
}
