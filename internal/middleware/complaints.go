package middleware

import (
	"sync"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// Traefik calls New for one router after the other, so the middleware that defines a
// cluster may come after those that use it. It is looked for when no call of New has come
// for a while, once for all middlewares of the process, and reported where it is lacking.

// quietPeriod is how long no call of New has to come. The definitions are checked one or
// two of these periods after the last call.
const quietPeriod = 250 * time.Millisecond

// complaints are what the log says of clusters that nobody defines. Each line comes once,
// until somebody has defined the cluster or the line has become another one.
type complaints struct {
	mu    sync.Mutex
	lines map[string]string // by the middleware and the cluster
}

func newComplaints() *complaints { return &complaints{lines: map[string]string{}} }

func complaintKey(middleware, cluster string) string { return middleware + "\x00" + cluster }

// isNew notes a line, and tells whether it isn't in the log yet.
func (c *complaints) isNew(key, line string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lines[key] == line {
		return false
	}
	c.lines[key] = line
	return true
}

// has tells whether there is a line about a cluster of a middleware.
func (c *complaints) has(middleware, cluster string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines[complaintKey(middleware, cluster)] != ""
}

// keep forgets all other lines.
func (c *complaints) keep(valid map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.lines {
		if !valid[key] {
			delete(c.lines, key)
		}
	}
}

// dependsOnOthers tells whether others are to define a cluster of the instance.
func dependsOnOthers(inst *instance) bool {
	for _, name := range inst.rules.Uses {
		if inst.rules.Clusters[name] == nil {
			return true
		}
	}
	return false
}

// noteArrival has the definitions checked when no call of New has come for a while. It is
// called with the registry's lock.
//
// Yaegi: a reload calls it for each router.
func noteArrival(r *Registry) {
	s := r.state
	s.arrivals++
	if !s.isChecking && len(s.dependents) > 0 {
		s.isChecking = true
		detachedCheckWhenQuiet(r, s.arrivals)
	}
}

// noteDeparture is noteArrival for what Traefik has given up.
func noteDeparture(r *Registry) {
	lockRegistry(r)
	defer r.mu.Unlock()
	noteArrival(r)
}

// checkWhenQuiet checks the definitions a while later, if there are as many arrivals then.
func checkWhenQuiet(r *Registry, arrivals int64) {
	guard.After(quietPeriod, "definitions of clusters", func() { checkIfQuiet(r, arrivals) })
}

func checkIfQuiet(r *Registry, arrivals int64) {
	if isQuiet(r, arrivals) {
		complainOfAll(r)
	}
}

// isQuiet tells whether nothing has come since there were so many arrivals. Where
// something has, it is asked again later.
func isQuiet(r *Registry, arrivals int64) bool {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	if s.arrivals != arrivals {
		detachedCheckWhenQuiet(r, s.arrivals)
		return false
	}
	s.isChecking = false
	return true
}

// complainOfAll reports the clusters of live middlewares that nobody defines. What was said of
// middlewares that linger isn't said again when they come back.
func complainOfAll(r *Registry) {
	defined := r.Clusters.Defined()
	valid := map[string]bool{}
	for _, inst := range allDependents(r) {
		for _, name := range undefinedFor(inst, defined) {
			valid[complaintKey(inst.name, name)] = true
			complainOf(inst, name)
		}
	}
	r.complaints.keep(valid)
}

func allDependents(r *Registry) []*instance {
	s := lockRegistry(r)
	defer r.mu.Unlock()
	var all []*instance
	for inst := range s.dependents {
		all = append(all, inst)
	}
	return all
}

// undefinedFor are the clusters of an instance that aren't among those that are defined.
func undefinedFor(inst *instance, defined []string) []string {
	return (&ensemble.Usage{Used: inst.rules.Uses, Defined: defined}).Undefined()
}

// complainOf reports a cluster that nobody defines, unless that has been said or the
// instance has another failure.
func complainOf(inst *instance, cluster string) {
	line := complaintOf(inst, cluster, inst.clusters.Defined())
	if line != "" && inst.complaints.isNew(complaintKey(inst.name, cluster), line) {
		log.Middleware(log.LevelError, inst.name, "%s", line)
	}
}

// complaintOf is what there is to say of a cluster that nobody defines: nothing for an
// instance that Traefik has given up.
func complaintOf(inst *instance, cluster string, defined []string) string {
	s := lock(inst)
	defer inst.mu.Unlock()
	if !isLive(s) || s.bound.Failure() != nil {
		return ""
	}
	consequence := rules.WithoutCluster(s.rules, cluster)
	if s.bound.ReadsFrom(cluster) {
		return ensemble.LostCluster(cluster) + ". Its values are served until Traefik restarts; after that, " + consequence
	}
	return ensemble.UndefinedCluster(cluster, defined) + ". Until then, " + consequence
}

// complainerOf is called for a request that a gate without a cluster answers.
func complainerOf(inst *instance) func() { return func() { complain(inst) } }

// complain reports the clusters that nobody defines at once.
func complain(inst *instance) {
	for _, name := range inst.clusters.Undefined(inst.membership) {
		complainOf(inst, name)
	}
}

// isLost tells whether the instance still reads from a cluster of which the log says that
// nobody defines it.
func isLost(inst *instance, cluster string) bool {
	s := lock(inst)
	defer inst.mu.Unlock()
	return s.bound.ReadsFrom(cluster) && inst.complaints.has(inst.name, cluster)
}
