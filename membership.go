package zookeeper

import "time"

// A member is an instance of a middleware, as the clusters that it defines or uses
// see it. It is called with the registry's lock held.
type member interface {
	// IsLive tells whether Traefik has not given it up.
	IsLive() bool
	// CanceledFor is for how long it has been given up; nothing where that has not
	// been noted yet.
	CanceledFor() time.Duration
	// Bind has it read from another cache what it reads from a cluster.
	Bind(cluster string, c *cache)
	// Fail tells it that it can't be told which cluster it means.
	Fail(err error)
	// Refuse tells it that its definition of a cluster contradicts the one in force.
	Refuse(err error)
	// Resume takes back what Refuse said.
	Resume()
}

// A joining is what a member says when it joins.
type joining struct {
	who        member
	middleware string               // its name
	defines    map[string]*settings // by the clusters' names
	uses       []string             // the clusters that it reads from
	accepted   func()               // called as soon as nothing speaks against it
}

// A membership is a member that has joined.
type membership struct {
	who        member
	middleware string
	uses       []string // the clusters that it reads from
	clusters   []string // those that it defines or uses
}

// A clusterUse is what a member has to do with a cluster.
type clusterUse struct {
	by         *membership
	cluster    string
	definition *settings // nil where it doesn't define the cluster
	number     int64     // uses that came later have a higher one
	pool       *sharedPool
	contests   time.Time // since when its definition contradicts the one in force; zero while it doesn't
	refused    bool      // the contradiction has lasted
}

func (u *clusterUse) isLive() bool { return u.by.who.IsLive() }

// bind moves the use to a pool, which closes when its last user has gone.
func (u *clusterUse) bind(p *sharedPool) {
	before := u.pool
	if before == p {
		return
	}
	u.pool = p
	if p != nil {
		p.users++
		u.by.who.Bind(u.cluster, p.cache)
	}
	if before != nil {
		before.release()
	}
}

// join makes somebody a member of all clusters that it defines or uses, and binds it
// to their pools. A cluster that nobody has defined yet binds it later.
func (r *clusterRegistry) join(j *joining) (*membership, error) {
	s := r.lock()
	defer r.unlock()
	defined := sortedKeys(j.defines)
	for _, name := range defined {
		err := s.conflict(name, j.defines[name], j.middleware)
		if err != nil {
			return nil, err
		}
	}
	err := checkOnlyCluster(j.uses, s.defined())
	if err != nil {
		return nil, err
	}
	j.accepted()
	m := &membership{who: j.who, middleware: j.middleware, uses: j.uses, clusters: defined}
	s.members[m] = true
	for _, name := range defined {
		s.add(&clusterUse{by: m, cluster: name, definition: j.defines[name]})
	}
	for _, name := range j.uses {
		if j.defines[name] == nil {
			m.clusters = append(m.clusters, name)
			s.add(&clusterUse{by: m, cluster: name})
		}
	}
	s.checkOnly()
	s.settleAll()
	return m, nil
}

func (s *clusterState) add(u *clusterUse) {
	c := s.find(u.cluster)
	s.uses++
	u.number = s.uses
	c.uses[u.by] = u
	if u.definition != nil {
		c.definers[u.by] = u
		s.define(c, u)
	} else {
		u.bind(s.poolFor(u.cluster))
	}
}

// leave ends a membership. Pools that handles have leased stay.
func (r *clusterRegistry) leave(m *membership) {
	s := r.lock()
	defer r.unlock()
	delete(s.members, m)
	for _, name := range m.clusters {
		c := s.clusters[name]
		u := c.uses[m]
		delete(c.uses, m)
		delete(c.definers, m)
		delete(c.waiting, m)
		if u.pool != nil {
			u.pool.release()
		}
		s.forgetUnused(c)
	}
	s.settleAll()
}

// rejoin has others count again on what a member defines that Traefik had given up,
// and tells whether that can be: it can where the member has the pools that a new one
// would have, and contradicts no definition. Then revive is called first, which makes
// the member live.
func (r *clusterRegistry) rejoin(m *membership, revive func()) bool {
	s := r.lock()
	defer r.unlock()
	if !s.isCurrent(m) {
		return false
	}
	revive()
	for _, name := range m.clusters {
		c := s.clusters[name]
		if c.definers[m] != nil {
			p := c.pool()
			s.follow(c, p, p)
		}
	}
	s.checkOnly()
	s.settleAll()
	return true
}

func (s *clusterState) isCurrent(m *membership) bool {
	for _, name := range m.clusters {
		c := s.clusters[name]
		p := c.pool()
		if name == onlyCluster {
			p = s.poolFor(onlyCluster)
		}
		u := c.uses[m]
		if p == nil || u.pool != p || u.definition != nil && u.definition.id != p.settings.id {
			return false
		}
	}
	return true
}

// lacking names the clusters that a member uses and nobody defines.
func (r *clusterRegistry) lacking(m *membership) []string {
	s := r.lock()
	defer r.unlock()
	return lackingOf(m.uses, s.defined())
}
