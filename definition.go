package zookeeper

import (
	"sort"
	"time"
)

// A cluster has one definition in force at a time. It stays in force while a live
// middleware or Register defines the cluster so. Another one takes over when nobody
// does any more.
//
// Traefik cancels all instances before it makes the new ones, one after the other and
// in no order. So a definition whose middleware has been cancelled a moment ago may
// come again, and one that contradicts it waits for that. Where both mean the same
// ensemble, it is served by the values that are there while it waits.

const (
	// reloadGrace is how long after its cancellation a middleware may come again.
	reloadGrace = 5 * time.Second
	// changeGrace is how long a middleware's changed definition may contradict the
	// others: they may change one after the other.
	changeGrace = 10 * time.Second
)

// inForce are the cluster's settings; nil where there are none.
func (c *clusterEntry) inForce() *settings {
	p := c.pool()
	if p != nil {
		return p.session.inForce()
	}
	if c == nil {
		return nil
	}
	return c.registered
}

func (c *clusterEntry) isDefined() bool {
	if c.registered != nil {
		return true
	}
	for _, u := range c.definers {
		if u.isLive() {
			return true
		}
	}
	return false
}

// conflict refuses a definition that contradicts one which is there to stay: of
// Register, or of a live middleware, unless a middleware of that name was in
// agreement before, whose definition has changed.
func (s *clusterState) conflict(name string, definition *settings, middleware string) error {
	c := s.clusters[name]
	inForce := c.inForce()
	if inForce == nil || inForce.id == definition.id {
		return nil
	}
	if c.registered != nil {
		return contradicts(name, definition, inForce, "Register")
	}
	if len(c.holders()) > 0 && c.predecessor(middleware) == nil {
		return contradicts(name, definition, inForce, "another middleware")
	}
	return nil
}

// holders are the live members with the definition in force.
func (c *clusterEntry) holders() []*clusterUse {
	inForce := c.inForce()
	if inForce == nil {
		return nil
	}
	var holders []*clusterUse
	for _, u := range c.definers {
		if u.definition.id == inForce.id && u.isLive() {
			holders = append(holders, u)
		}
	}
	return holders
}

// predecessor is the latest use by a middleware that a reload has cancelled; nil
// where there is none, that one was refused, or a live one of that name holds on to
// the definition in force.
func (c *clusterEntry) predecessor(middleware string) *clusterUse {
	for _, u := range c.holders() {
		if u.by.middleware == middleware {
			return nil
		}
	}
	var latest *clusterUse
	for _, u := range c.uses {
		if u.by.middleware == middleware && !u.isLive() && (latest == nil || latest.number < u.number) {
			latest = u
		}
	}
	if latest != nil && latest.refused {
		return nil
	}
	return latest
}

// isHeld tells whether the definition in force has a live middleware, or one that was
// cancelled a moment ago and may come again.
func (s *clusterState) isHeld(c *clusterEntry) bool {
	if c.registered != nil || len(c.holders()) > 0 {
		return true
	}
	inForce := c.inForce()
	if inForce == nil {
		return false
	}
	back := map[string]bool{}
	for m := range s.members {
		if m.who.IsLive() {
			back[m.middleware] = true
		}
	}
	for _, u := range c.definers {
		if u.definition.id == inForce.id && !back[u.by.middleware] && u.by.who.CanceledFor() < reloadGrace {
			return true
		}
	}
	return false
}

// define puts a member's definition in force, for itself and for those who wait for
// it or used the one before, or has it wait. What drains stays where it was.
func (s *clusterState) define(c *clusterEntry, u *clusterUse) {
	inForce := c.inForce()
	if inForce != nil && inForce.id != u.definition.id && s.isHeld(c) {
		s.contest(c, u)
		return
	}
	s.putInForce(c, u.definition)
	u.bind(c.pool())
}

func (s *clusterState) putInForce(c *clusterEntry, definition *settings) {
	before := c.pool()
	s.follow(c, before, c.poolWith(definition))
}

// contest has a definition wait that contradicts the one in force.
func (s *clusterState) contest(c *clusterEntry, u *clusterUse) {
	u.contests = time.Now()
	c.waiting[u.by] = u
	before := c.predecessor(u.by.middleware)
	if before != nil && !before.contests.IsZero() && before.definition != nil && before.definition.id == u.definition.id {
		u.contests = before.contests
	}
	if before != nil || u.definition.sameEnsemble(c.inForce()) {
		u.bind(c.pool())
	}
	s.undecided = true
}

// settleEvery is how often is looked at definitions that wait.
const settleEvery = 500 * time.Millisecond

func settleAfter(r *clusterRegistry, delay time.Duration) {
	after(delay, "definitions", func() { settleInTime(r) })
}

// settleInTime decides about the definitions for which the time has come, and looks
// again later where others wait.
func settleInTime(r *clusterRegistry) {
	s := r.lock()
	defer r.unlock()
	s.scheduled = false
	s.settleAll()
	for _, c := range s.clusters {
		for _, u := range c.contesting() {
			if !u.refused {
				s.undecided = true
			}
		}
	}
}

// settleAll decides about the definitions that contradict those in force.
func (s *clusterState) settleAll() {
	for _, name := range sortedKeys(s.clusters) {
		c := s.clusters[name]
		waiting := c.contesting()
		if len(waiting) > 0 {
			s.settle(c, waiting)
		}
	}
}

// contesting are the live uses whose definitions wait, the first one first.
func (c *clusterEntry) contesting() []*clusterUse {
	if len(c.waiting) == 0 {
		return nil
	}
	var waiting []*clusterUse
	for _, u := range c.waiting {
		if u.isLive() {
			waiting = append(waiting, u)
		}
	}
	sort.Slice(waiting, func(i, j int) bool {
		a, b := waiting[i], waiting[j]
		return a.contests.Before(b.contests) || a.contests.Equal(b.contests) && a.by.middleware < b.by.middleware
	})
	return waiting
}

func (s *clusterState) settle(c *clusterEntry, waiting []*clusterUse) {
	if !s.isHeld(c) {
		s.putInForce(c, waiting[0].definition)
	}
	inForce := c.inForce()
	definer := "another middleware"
	if c.registered != nil {
		definer = "Register"
	}
	stays := c.registered != nil || len(c.holders()) > 0
	for _, u := range waiting {
		if u.definition.id == inForce.id {
			c.agree(u)
		} else if stays && !u.refused && (c.predecessor(u.by.middleware) == nil || time.Since(u.contests) >= changeGrace) {
			u.refused = true
			u.by.who.Refuse(contradicts(c.name, u.definition, inForce, definer))
		}
	}
}

// agree ends a contradiction.
func (c *clusterEntry) agree(u *clusterUse) {
	u.contests = time.Time{}
	delete(c.waiting, u.by)
	if u.refused {
		u.refused = false
		u.by.who.Resume()
	}
	u.bind(c.pool())
}
