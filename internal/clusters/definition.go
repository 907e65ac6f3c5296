package clusters

import (
	"sort"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A cluster has one definition in force at a time. It stays in force as long as a live
// middleware or Register defines the cluster so. When nobody does any more, another
// definition takes over.
//
// At a reload, Traefik cancels all instances before it makes the new ones, one after the
// other and in no order. So a definition whose middleware was cancelled a moment ago may
// come again, and one that contradicts it has to wait. If both mean the same ensemble,
// the waiting middleware is served by the values that are there.

const (
	// reloadGrace is how long after its cancellation a middleware may come again.
	reloadGrace = 5 * time.Second
	// changeGrace is how long a middleware's changed definition may contradict those of
	// others, which may change a moment later.
	changeGrace = 10 * time.Second
)

// settingsOf are the cluster's settings; nil where there are none.
func settingsOf(c *cluster) *ensemble.Settings {
	p := openPool(c)
	if p != nil {
		return p.settings
	}
	if c == nil {
		return nil
	}
	return c.registered
}

// isDefined tells whether Register or a live middleware defines the cluster.
func (c *cluster) isDefined() bool {
	if c.registered != nil || c.definer != nil && c.definer.isLive() {
		return true
	}
	c.definer = nil
	for _, u := range c.definers {
		if u.isLive() {
			c.definer = u // most are given up while a reload is under way
			return true
		}
	}
	return false
}

// A proposal is a definition of a cluster that comes new.
type proposal struct {
	cluster    string
	definition *ensemble.Settings
	middleware string // empty for Register
}

// contradiction is an error where a proposal contradicts a definition that is there to
// stay: one of Register, or of a live middleware. It is nil where a reload has cancelled a
// middleware of the same name, whose definition may have changed.
func contradiction(s *state, p *proposal) error {
	c := s.clusters[p.cluster]
	inForce := settingsOf(c)
	if inForce == nil || inForce.ID == p.definition.ID {
		return nil
	}
	return contradictionWith(inForce, c, p)
}

// contradictionWith is contradiction where a proposal isn't what is in force.
func contradictionWith(inForce *ensemble.Settings, c *cluster, p *proposal) error {
	if c.registered != nil {
		return (&ensemble.Contradiction{Cluster: p.cluster, Refused: p.definition, InForce: inForce, Definer: definedByRegister}).Err()
	}
	if len(c.liveDefiners()) > 0 && c.predecessor(p.middleware) == nil {
		return (&ensemble.Contradiction{Cluster: p.cluster, Refused: p.definition, InForce: inForce, Definer: definedByMiddleware}).Err()
	}
	return nil
}

// Who defines a cluster, as errors say it.
const (
	definedByRegister   = "Register"
	definedByMiddleware = "another middleware"
)

// liveDefiners are the live uses with the definition in force.
func (c *cluster) liveDefiners() []*use {
	inForce := settingsOf(c)
	if inForce == nil {
		return nil
	}
	var live []*use
	for _, u := range c.definers {
		if u.definition.ID == inForce.ID && u.isLive() {
			live = append(live, u)
		}
	}
	return live
}

// predecessor is the latest use by a middleware of that name which a reload has
// cancelled. It is nil where there is none, where that one was refused, and where a live
// middleware of that name has the definition in force.
func (c *cluster) predecessor(middleware string) *use {
	for _, u := range c.liveDefiners() {
		if u.by.middleware == middleware {
			return nil
		}
	}
	var latest *use
	for _, u := range c.uses {
		if u.by.middleware == middleware && !u.isLive() && (latest == nil || latest.number < u.number) {
			latest = u
		}
	}
	if latest != nil && latest.isRefused {
		return nil
	}
	return latest
}

// isUpheld tells whether the definition in force has a live middleware, or one that was
// cancelled a moment ago and may come again.
func (s *state) isUpheld(c *cluster) bool {
	if c.registered != nil || len(c.liveDefiners()) > 0 {
		return true
	}
	inForce := settingsOf(c)
	if inForce == nil {
		return false
	}
	back := map[string]bool{}
	for m := range s.members {
		if m.member.IsLive() {
			back[m.middleware] = true
		}
	}
	for _, u := range c.definers {
		if u.definition.ID == inForce.ID && !back[u.by.middleware] && u.by.member.CanceledFor() < reloadGrace {
			return true
		}
	}
	return false
}

// define puts the definition of a use in force, or has it wait. Where it takes over, the
// live uses move to it.
func define(s *state, c *cluster, u *use) {
	p := openPool(c)
	if p != nil && p.settings.ID == u.definition.ID && s.clusters[ensemble.OnlyCluster] == nil {
		moveTo(u, p) // as nearly always
		return
	}
	decideOn(s, c, u)
}

// decideOn is define where the definition isn't in force yet, or others may mean the cluster
// without its name.
func decideOn(s *state, c *cluster, u *use) {
	inForce := settingsOf(c)
	if inForce != nil && inForce.ID != u.definition.ID && s.isUpheld(c) {
		s.startWaiting(c, u)
		return
	}
	putInForce(s, c, u.definition)
	moveTo(u, openPool(c))
}

// putInForce has a definition take over from the one in force.
func putInForce(s *state, c *cluster, definition *ensemble.Settings) {
	before := openPool(c)
	moveUsers(s, c, before, poolWith(c, definition))
}

// startWaiting has a definition wait that contradicts the one in force. Where it waited
// before a reload already, that time counts.
func (s *state) startWaiting(c *cluster, u *use) {
	u.waitingSince = time.Now()
	c.waiting[u.by] = u
	before := c.predecessor(u.by.middleware)
	if before != nil && !before.waitingSince.IsZero() && before.definition != nil && before.definition.ID == u.definition.ID {
		u.waitingSince = before.waitingSince
	}
	if before != nil || u.definition.SameEnsemble(settingsOf(c)) {
		moveTo(u, openPool(c))
	}
	s.isUndecided = true
}

// decisionInterval is how often it is decided about definitions that wait.
const decisionInterval = 500 * time.Millisecond

func decideAfter(r *Registry, delay time.Duration) {
	guard.After(delay, "definitions", func() { decideWaiting(r) })
}

// decideWaiting decides about the definitions that wait, and does so again later for those
// that go on waiting.
func decideWaiting(r *Registry) {
	s := lock(r)
	defer unlock(r)
	s.isScheduled = false
	decideAll(s)
	for _, c := range s.clusters {
		for _, u := range liveWaiting(c) {
			if !u.isRefused {
				s.isUndecided = true
			}
		}
	}
}

// decideAll decides about the definitions of all clusters that contradict those in force.
func decideAll(s *state) {
	for _, c := range s.clusters {
		if len(c.waiting) > 0 {
			decideInOrder(s)
			return
		}
	}
}

func decideInOrder(s *state) {
	for _, name := range lists.SortedKeys(s.clusters) {
		c := s.clusters[name]
		waiting := liveWaiting(c)
		if len(waiting) > 0 {
			s.decide(c, waiting)
		}
	}
}

// liveWaiting are the live uses whose definitions wait, the one that has waited longest
// first.
func liveWaiting(c *cluster) []*use {
	if len(c.waiting) == 0 {
		return nil
	}
	var waiting []*use
	for _, u := range c.waiting {
		if u.isLive() {
			waiting = append(waiting, u)
		}
	}
	sort.Slice(waiting, func(i, j int) bool {
		a, b := waiting[i], waiting[j]
		return a.waitingSince.Before(b.waitingSince) || a.waitingSince.Equal(b.waitingSince) && a.by.middleware < b.by.middleware
	})
	return waiting
}

// decide has the first of the waiting definitions take over where nothing upholds the one
// in force. It refuses those that have no hope, or have waited too long.
func (s *state) decide(c *cluster, waiting []*use) {
	if !s.isUpheld(c) {
		putInForce(s, c, waiting[0].definition)
	}
	inForce := settingsOf(c)
	definer := definedByMiddleware
	if c.registered != nil {
		definer = definedByRegister
	}
	stays := c.registered != nil || len(c.liveDefiners()) > 0
	for _, u := range waiting {
		if u.definition.ID == inForce.ID {
			c.endWaiting(u)
		} else if stays && !u.isRefused && (c.predecessor(u.by.middleware) == nil || time.Since(u.waitingSince) >= changeGrace) {
			u.isRefused = true
			u.by.member.Refuse((&ensemble.Contradiction{Cluster: c.name, Refused: u.definition, InForce: inForce, Definer: definer}).Err())
		}
	}
}

// endWaiting ends a contradiction, since the definition in force is the same now.
func (c *cluster) endWaiting(u *use) {
	u.waitingSince = time.Time{}
	delete(c.waiting, u.by)
	if u.isRefused {
		u.isRefused = false
		u.by.member.Resume()
	}
	moveTo(u, openPool(c))
}
