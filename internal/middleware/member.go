package middleware

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/input"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
)

// An instance is a member of the clusters that it defines or uses. They ask it whether it
// is live, and tell it where to read from.

// IsLive tells whether Traefik has not given the instance up.
func (inst *instance) IsLive() bool {
	s := lock(inst)
	defer inst.mu.Unlock()
	return isLive(s)
}

// noteCanceled notes that Traefik has given the instance up now, unless it has taken it up
// again before that could be noted.
func noteCanceled(inst *instance) {
	s := lock(inst)
	defer inst.mu.Unlock()
	if !isLive(s) {
		s.canceled = time.Now()
	}
}

// CanceledFor is how long ago Traefik gave the instance up. It is 0 where that has not
// been noted yet.
func (inst *instance) CanceledFor() time.Duration {
	s := lock(inst)
	defer inst.mu.Unlock()
	if s.canceled.IsZero() {
		return 0
	}
	return time.Since(s.canceled)
}

// ReadFrom makes the rules of a cluster read from a cache. What was served goes on until
// the values of the new cache are there, or the time for them is over.
func (inst *instance) ReadFrom(cluster string, c *cache.Cache) {
	s := lock(inst)
	defer inst.mu.Unlock()
	if serve.HasFailed(s.bound) {
		return
	}
	for _, in := range s.inputs {
		if in.Source.Cluster == cluster {
			if s.isSettled {
				in.AwaitFirst()
			}
			input.Rebind(in, s.listener, c)
			s.isReplacing = s.isReplacing || input.IsReplacing(in)
		}
	}
	if s.isSettled {
		s.freezeDraining()
		s.deadline = time.Now().Add(s.rules.StartupTimeout)
		guard.Stop(s.startup)
		s.startup = s.refreshAfter(s.rules.StartupTimeout, "rebinding")
	}
	recompile(s)
}

// Refuse has the instance answer as its router would where New had returned the error:
// with 503 where it has gates, and otherwise with 404, as Traefik does without the router.
func (inst *instance) Refuse(err error) {
	s := lock(inst)
	isNew := s.bound.Failure() == nil
	s.bound.Refuse(err)
	s.stopWaiting()
	inst.mu.Unlock()
	if isNew {
		inst.reportFailure(err)
	}
}

// Fail closes the gates of an instance whose configuration turned out wrong after New.
func (inst *instance) Fail(err error) {
	s := lock(inst)
	isNew := s.bound.Failure() == nil
	s.bound.Fail(err)
	s.stopWaiting()
	inst.mu.Unlock()
	if isNew {
		inst.reportFailure(err)
	}
}

// stopWaiting takes away the values of a cluster that can't be told any more, and has
// nothing waited for.
func (s *instanceState) stopWaiting() {
	for _, in := range s.inputs {
		if in.Cluster() == ensemble.OnlyCluster {
			in.Unbind()
		}
	}
	s.deadline = time.Time{}
}

func (inst *instance) reportFailure(err error) {
	log.Middleware(log.LevelError, inst.name, "%v", err)
	inst.update()
}

// Resume ends a failure.
func (inst *instance) Resume() {
	s := lock(inst)
	s.bound.Resume()
	inst.mu.Unlock()
	inst.update()
}

func (inst *instance) hasFailure() bool { return statusOf(inst) == instanceFailed }

// What may become of an instance.
const (
	instanceLive   = iota
	instanceDrains // Traefik has given it up
	instanceFailed // its rules can't be followed
)

func statusOf(inst *instance) int {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	s := stateOf(inst)
	if serve.HasFailed(s.bound) {
		return instanceFailed
	}
	if isLive(s) {
		return instanceLive
	}
	return instanceDrains
}
