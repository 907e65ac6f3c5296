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
func (c *cluster) inForce() *settings {
	p := c.pool()
	if p != nil {
		return p.settings
	}
	if c == nil {
		return nil
	}
	return c.registered
}

func (c *cluster) definedLive() bool {
	if c.registered != nil {
		return true
	}
	for _, m := range c.definers {
		if m.live() {
			return true
		}
	}
	return false
}

// conflict refuses a definition that contradicts one which is there to stay: of
// Register, or of a live middleware, unless a middleware of that name was in
// agreement before, whose definition has changed.
func (r *registry) conflict(name string, s *settings, middleware string) error {
	c := r.clusters[name]
	inForce := c.inForce()
	if inForce == nil || inForce.id == s.id {
		return nil
	}
	if c.registered != nil {
		return contradicts(name, s, inForce, "Register")
	}
	if len(c.holders()) > 0 && c.predecessor(middleware) == nil {
		return contradicts(name, s, inForce, "another middleware")
	}
	return nil
}

// holders are the live members with the definition in force.
func (c *cluster) holders() []*member {
	inForce := c.inForce()
	if inForce == nil {
		return nil
	}
	var holders []*member
	for _, m := range c.definers {
		if m.definition.id == inForce.id && m.live() {
			holders = append(holders, m)
		}
	}
	return holders
}

// predecessor is the latest member of a middleware that a reload has cancelled; nil
// where there is none, that one was refused, or a live one of that name holds on to
// the definition in force.
func (c *cluster) predecessor(middleware string) *member {
	for _, m := range c.holders() {
		if m.inst.name == middleware {
			return nil
		}
	}
	var latest *member
	for _, m := range c.members {
		if m.inst.name == middleware && !m.live() && (latest == nil || latest.number < m.number) {
			latest = m
		}
	}
	if latest != nil && latest.refused {
		return nil
	}
	return latest
}

// isHeld tells whether the definition in force has a live middleware, or one that was
// cancelled a moment ago and may come again.
func (r *registry) isHeld(c *cluster) bool {
	if c.registered != nil || len(c.holders()) > 0 {
		return true
	}
	inForce := c.inForce()
	if inForce == nil {
		return false
	}
	back := map[string]bool{}
	for inst := range r.instances {
		if inst.live() {
			back[inst.name] = true
		}
	}
	for _, m := range c.definers {
		if m.definition.id == inForce.id && !back[m.inst.name] && m.inst.canceledFor() < reloadGrace {
			return true
		}
	}
	return false
}

// define puts a middleware's definition in force, for itself and for those who
// wait for it or used the one before, or has it wait. What drains stays where it was.
func (r *registry) define(c *cluster, m *member) {
	inForce := c.inForce()
	if inForce != nil && inForce.id != m.definition.id && r.isHeld(c) {
		r.contest(c, m)
		return
	}
	r.putInForce(c, m.definition)
	m.bind(c.pool())
}

func (r *registry) putInForce(c *cluster, s *settings) {
	before := c.pool()
	r.follow(c, before, c.poolWith(s))
}

// contest has a definition wait that contradicts the one in force.
func (r *registry) contest(c *cluster, m *member) {
	m.contests = time.Now()
	c.waiting[m.inst] = m
	before := c.predecessor(m.inst.name)
	if before != nil && !before.contests.IsZero() && before.definition != nil && before.definition.id == m.definition.id {
		m.contests = before.contests
	}
	if before != nil || m.definition.sameEnsemble(c.inForce()) {
		m.bind(c.pool())
	}
	r.settleLater()
}

// settleEvery is how often is looked at definitions that wait.
const settleEvery = 500 * time.Millisecond

func (r *registry) settleLater() {
	if !r.settling {
		r.settling = true
		detachedSettleAfter(r, settleEvery)
	}
}

func settleAfter(r *registry, delay time.Duration) {
	after(delay, "definitions", r.settleInTime)
}

// settleInTime decides about the definitions for which the time has come, and looks
// again later where others wait.
func (r *registry) settleInTime() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settling = false
	r.settleAll()
	for _, c := range r.clusters {
		for _, m := range c.contesting() {
			if !m.refused {
				r.settleLater()
			}
		}
	}
}

// settleAll decides about the definitions that contradict those in force.
func (r *registry) settleAll() {
	for _, name := range sortedKeys(r.clusters) {
		c := r.clusters[name]
		waiting := c.contesting()
		if len(waiting) > 0 {
			r.settle(c, waiting)
		}
	}
}

// contesting are the live members whose definitions wait, the first one first.
func (c *cluster) contesting() []*member {
	if len(c.waiting) == 0 {
		return nil
	}
	var waiting []*member
	for _, m := range c.waiting {
		if m.live() {
			waiting = append(waiting, m)
		}
	}
	sort.Slice(waiting, func(i, j int) bool {
		a, b := waiting[i], waiting[j]
		return a.contests.Before(b.contests) || a.contests.Equal(b.contests) && a.inst.name < b.inst.name
	})
	return waiting
}

func (r *registry) settle(c *cluster, waiting []*member) {
	if !r.isHeld(c) {
		r.putInForce(c, waiting[0].definition)
	}
	inForce := c.inForce()
	definer := "another middleware"
	if c.registered != nil {
		definer = "Register"
	}
	stays := c.registered != nil || len(c.holders()) > 0
	for _, m := range waiting {
		if m.definition.id == inForce.id {
			r.agree(c, m)
		} else if stays && !m.refused && (c.predecessor(m.inst.name) == nil || time.Since(m.contests) >= changeGrace) {
			m.refused = true
			m.inst.drop(contradicts(c.name, m.definition, inForce, definer))
		}
	}
}

// agree ends a contradiction.
func (r *registry) agree(c *cluster, m *member) {
	m.contests = time.Time{}
	delete(c.waiting, m.inst)
	if m.refused {
		m.refused = false
		m.inst.resume()
	}
	m.bind(c.pool())
}
