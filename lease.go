package zookeeper

import "time"

// A sharedPool is what a process has of one ensemble: the session, and the nodes that
// are followed in it; with the count of those who use it, which belongs to the
// registry's lock.
type sharedPool struct {
	cluster   string    // its name
	settings  *settings // the cluster's, in force
	session   *session
	cache     *cache
	users     int       // uses by members, and the leases as one
	leased    bool      // by handles: now, or a linger ago
	leases    int       // now
	idleSince time.Time // when the last lease was given back
	lingering bool      // a timer looks after it
}

func newSharedPool(cluster string, wanted *settings) *sharedPool {
	one := newSession(cluster, wanted)
	return &sharedPool{cluster: cluster, settings: wanted, session: one, cache: newCache(one)}
}

// release lets a user go, and closes the pool after the last one.
func (p *sharedPool) release() {
	p.users--
	if p.users == 0 {
		p.session.close()
	}
}

// lease returns a cluster's pool, nil where there is none, and keeps it open until
// it is given back, and lingers.
func (r *clusterRegistry) lease(name string) *sharedPool {
	s := r.lock()
	defer r.unlock()
	if name == onlyCluster {
		return nil
	}
	p := s.poolFor(name)
	if p == nil {
		return nil
	}
	p.leases++
	if !p.leased {
		p.leased = true
		p.users++
	}
	return p
}

func (r *clusterRegistry) giveBack(p *sharedPool) {
	r.lock()
	defer r.unlock()
	p.leases--
	p.idleSince = time.Now()
	if p.leases == 0 && !p.lingering {
		p.lingering = true
		detachedLingerFor(r, p, lingerTime())
	}
}

func lingerFor(r *clusterRegistry, p *sharedPool, rest time.Duration) {
	after(rest, "cluster "+p.cluster+": linger", func() { r.endLease(p) })
}

// endLease lets go of a pool that nobody has leased for the time of a linger.
func (r *clusterRegistry) endLease(p *sharedPool) {
	s := r.lock()
	defer r.unlock()
	rest := lingerTime() - time.Since(p.idleSince)
	if p.leases == 0 && rest > 0 {
		detachedLingerFor(r, p, rest)
		return
	}
	p.lingering = false
	if p.leases == 0 {
		p.leased = false
		p.release()
		s.forgetUnused(s.clusters[p.cluster])
	}
}
