package clusters

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A Member is what defines or uses clusters: an instance of a middleware. The registry
// calls it with its lock, so a member doesn't call the registry in turn.
type Member interface {
	// IsLive tells whether Traefik has not given the member up.
	IsLive() bool
	// CanceledFor is how long ago Traefik gave the member up. It is 0 where that has not
	// been noted yet.
	CanceledFor() time.Duration
	// ReadFrom has the member read from this cache what it reads from a cluster.
	ReadFrom(cluster string, c *cache.Cache)
	// Fail says why it can't be told which cluster the member means.
	Fail(err error)
	// Refuse says that the member's definition of a cluster contradicts the one in force.
	Refuse(err error)
	// Resume takes back what Refuse said.
	Resume()
}

// A JoinRequest is what a member says of itself when it joins.
type JoinRequest struct {
	Member     Member
	Middleware string                        // its name
	Defines    map[string]*ensemble.Settings // by the clusters' names
	Uses       []string                      // the clusters that it reads from
	Accepted   func()                        // called when nothing speaks against it, before the member is told anything
}

// A Membership is what a member has joined, until it leaves.
type Membership struct {
	member     Member
	middleware string
	uses       []string // the clusters that it reads from
	clusters   []string // those that it defines or uses
}

// A use is a member's use of a cluster, which it may define too.
type use struct {
	by           *Membership
	cluster      string
	definition   *ensemble.Settings // nil where it doesn't define the cluster
	number       int64              // uses that came later have a higher one
	pool         *pool
	waitingSince time.Time // since when its definition contradicts the one in force; zero while it doesn't
	isRefused    bool      // the contradiction has lasted too long
}

// Yaegi: what a reload calls for each router are functions, here and in definition.go, pool.go
// and registry.go, since a method costs as much as four of them.

func (u *use) isLive() bool { return u.by.member.IsLive() }

// moveTo has the use read through a pool. The one before closes when nobody else uses it.
func moveTo(u *use, p *pool) {
	before := u.pool
	if before == p {
		return
	}
	u.pool = p
	if p != nil {
		countUser(p)
		u.by.member.ReadFrom(u.cluster, p.cache())
	}
	if before != nil {
		before.release()
	}
}

// Join makes somebody a member of all clusters that it defines or uses. It is told where
// to read from before Join returns, or later for a cluster that nobody has defined yet.
//
// The error says which definition contradicts another one, or that there are several
// clusters where the member means the only one.
func (r *Registry) Join(j *JoinRequest) (*Membership, error) {
	s := lock(r)
	defer unlock(r)
	defined := lists.SortedKeys(j.Defines)
	for _, name := range defined {
		err := contradiction(s, &proposal{cluster: name, definition: j.Defines[name], middleware: j.Middleware})
		if err != nil {
			return nil, err
		}
	}
	err := checkUses(s, j.Uses)
	if err != nil {
		return nil, err
	}
	j.Accepted()
	m := &Membership{member: j.Member, middleware: j.Middleware, uses: j.Uses, clusters: defined}
	s.members[m] = true
	for _, name := range defined {
		addUse(s, &use{by: m, cluster: name, definition: j.Defines[name]})
	}
	for _, name := range j.Uses {
		if j.Defines[name] == nil {
			m.clusters = append(m.clusters, name)
			addUse(s, &use{by: m, cluster: name})
		}
	}
	checkOnly(s)
	decideAll(s)
	return m, nil
}

// checkUses returns an error where the only cluster is meant and there are several.
func checkUses(s *state, names []string) error {
	for _, name := range names {
		if name == ensemble.OnlyCluster {
			return (&ensemble.Usage{Used: names, Defined: s.defined()}).CheckOnly()
		}
	}
	return nil
}

// addUse takes in a use, and has it read from the cluster's pool where there is one.
func addUse(s *state, u *use) {
	c := findOrAdd(s, u.cluster)
	s.uses++
	u.number = s.uses
	c.uses[u.by] = u
	if u.definition != nil {
		c.definers[u.by] = u
		c.definer = u
		define(s, c, u)
	} else {
		moveTo(u, poolFor(s, u.cluster))
	}
}

// Leave ends a membership. Sessions that nobody else uses, and nobody has leased, are
// closed.
func (r *Registry) Leave(m *Membership) {
	s := lock(r)
	defer unlock(r)
	delete(s.members, m)
	for _, name := range m.clusters {
		c := s.clusters[name]
		u := c.uses[m]
		delete(c.uses, m)
		delete(c.definers, m)
		if c.definer == u {
			c.definer = nil
		}
		delete(c.waiting, m)
		if u.pool != nil {
			u.pool.release()
		}
		s.removeUnused(c)
	}
	decideAll(s)
}

// Rejoin has a member count again that Traefik had given up. It can't, and returns false,
// where a new member would read from other pools, or would contradict a definition.
// Otherwise it calls revive first, which makes the member live.
func (r *Registry) Rejoin(m *Membership, revive func()) bool {
	s := lock(r)
	defer unlock(r)
	if !s.isCurrent(m) {
		return false
	}
	revive()
	for _, name := range m.clusters {
		c := s.clusters[name]
		if c.definers[m] != nil {
			c.definer = c.definers[m]
			p := openPool(c)
			moveUsers(s, c, p, p)
		}
	}
	checkOnly(s)
	decideAll(s)
	return true
}

// isCurrent tells whether a member has the pools and the definitions in force.
func (s *state) isCurrent(m *Membership) bool {
	for _, name := range m.clusters {
		c := s.clusters[name]
		p := openPool(c)
		if name == ensemble.OnlyCluster {
			p = poolFor(s, ensemble.OnlyCluster)
		}
		u := c.uses[m]
		if p == nil && u.pool == nil {
			continue // nobody defines it, as before
		}
		if p == nil || u.pool != p || u.definition != nil && u.definition.ID != p.settings.ID {
			return false
		}
	}
	return true
}

// Defined names the clusters that are registered or that a live member defines.
func (r *Registry) Defined() []string {
	s := lock(r)
	defer unlock(r)
	return s.defined()
}

// Undefined names the clusters that a member uses and nobody defines.
func (r *Registry) Undefined(m *Membership) []string {
	s := lock(r)
	defer unlock(r)
	return (&ensemble.Usage{Used: m.uses, Defined: s.defined()}).Undefined()
}
