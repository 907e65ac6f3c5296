package zookeeper

import "time"

// An instance as a member of clusters: they ask it whether it lives, and tell it where
// to read from.

// definitionGrace is how long after New another middleware may define a cluster
// before its lack is worth a line in the log.
const definitionGrace = 5 * time.Second

// IsLive tells whether Traefik has not given the instance up.
func (inst *instance) IsLive() bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	return isAnyLive(inst.bindings)
}

// noteCanceled notes when Traefik gave an instance up. It may have taken it up again
// before it is noted.
func (inst *instance) noteCanceled() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if !isAnyLive(inst.bindings) {
		inst.canceled = time.Now()
	}
}

// CanceledFor is for how long an instance has been given up that isn't live; nothing
// where that has not been noted yet.
func (inst *instance) CanceledFor() time.Duration {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.canceled.IsZero() {
		return 0
	}
	return time.Since(inst.canceled)
}

// Bind makes the rules of a cluster read from a cache. What was served goes on until
// the values of the new one are there, or the time for it is over.
func (inst *instance) Bind(cluster string, c *cache) {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.basis.failure != nil {
		return
	}
	for _, in := range inst.inputs {
		if in.source.cluster == cluster {
			in.replace(in.subscribe(inst.listener, c))
		}
	}
	if inst.settled {
		fixDraining(inst.bindings)
		inst.deadline = time.Now().Add(inst.rules.startupTimeout)
		stop(inst.due)
		inst.due = detachedRefreshAfter(inst, inst.rules.startupTimeout, "rebinding")
	}
	recompile(inst)
}

// Refuse has an instance answer as its router would where New had returned the error:
// 503 with gates, and otherwise 404, as Traefik does without the router.
func (inst *instance) Refuse(err error) {
	inst.mu.Lock()
	inst.basis.dropped = true
	inst.mu.Unlock()
	inst.Fail(err)
}

// Resume ends a failure.
func (inst *instance) Resume() {
	inst.mu.Lock()
	inst.basis.failure = nil
	inst.basis.dropped = false
	inst.mu.Unlock()
	inst.update()
}

// Fail closes the gates and takes away the values of an instance whose
// configuration turned out wrong after New.
func (inst *instance) Fail(err error) {
	inst.mu.Lock()
	isNew := inst.basis.failure == nil
	inst.basis.failure = err
	for _, in := range inst.inputs {
		if in.source.cluster == onlyCluster {
			in.replace(nil)
			in.settle()
		}
	}
	inst.deadline = time.Time{}
	inst.mu.Unlock()
	if isNew {
		logMiddleware(levelError, inst.name, "%v", err)
		inst.update()
	}
}

func (inst *instance) hasFailure() bool {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	return inst.basis.failure != nil
}

// awaitDefinitions has an instance say some time later what its clusters lack, where
// others are to define them.
func (inst *instance) awaitDefinitions() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.dependsOnOthers() {
		stop(inst.inquiry)
		inst.inquiry = detachedInquire(inst)
	}
}

func inquire(inst *instance) *time.Timer {
	return after(definitionGrace, inst.what("definitions"), inst.checkDefined)
}

func (inst *instance) dependsOnOthers() bool {
	for _, name := range inst.rules.uses {
		if inst.rules.clusters[name] == nil {
			return true
		}
	}
	return false
}

func (inst *instance) checkDefined() {
	if !inst.IsLive() {
		return
	}
	for _, name := range inst.clusters.lacking(inst.membership) {
		logMiddleware(levelError, inst.name, "%s", undefined(name))
	}
}
