package clusters

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Lease keeps the session of a cluster open for code that is no middleware's. It is
// given back with Release, once.
type Lease struct {
	Session *session.Session
	pool    *pool
}

// Acquire leases the session of a cluster, which is made where there is none. It returns
// nil where nobody defines a cluster of that name.
func (r *Registry) Acquire(name string) *Lease {
	s := lock(r)
	defer unlock(r)
	if name == ensemble.OnlyCluster {
		return nil
	}
	p := poolFor(s, name)
	if p == nil {
		return nil
	}
	p.leases++
	if !p.isLeased {
		p.isLeased = true
		countUser(p)
	}
	return &Lease{Session: p.session(), pool: p}
}

// Release gives a lease back. A session that nobody uses any more, and that Register
// doesn't keep, is closed when it has not been leased again for the time of a linger.
func (r *Registry) Release(l *Lease) {
	lock(r)
	defer unlock(r)
	p := l.pool
	p.leases--
	p.idleSince = time.Now()
	if p.leases == 0 && !p.isLingering {
		p.isLingering = true
		detachedLingerFor(r, p, LingerTime())
	}
}

func lingerFor(r *Registry, p *pool, rest time.Duration) {
	guard.After(rest, "cluster "+p.cluster+": linger", func() { r.closeIdle(p) })
}

// closeIdle ends the use of a pool that nobody has leased for the time of a linger.
func (r *Registry) closeIdle(p *pool) {
	s := lock(r)
	defer unlock(r)
	rest := LingerTime() - time.Since(p.idleSince)
	if p.leases == 0 && rest > 0 {
		detachedLingerFor(r, p, rest)
		return
	}
	p.isLingering = false
	if p.leases == 0 {
		endLeases(s, p)
	}
}

// endLeases ends the use of a pool by all who have leased it.
func endLeases(s *state, p *pool) {
	if p.isLeased {
		p.isLeased = false
		p.release()
		s.removeUnused(s.clusters[p.cluster])
	}
}
