package zookeeper

import "time"

// definitionGrace is how long after New another middleware may define a cluster
// before its lack is worth a line in the log.
const definitionGrace = 5 * time.Second

// awaitDefinitions has an instance that Traefik has taken up again say what its
// clusters lack now.
func (inst *instance) awaitDefinitions() {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	inst.inquireLater()
}

// inquireLater is for inst.mu held.
func (inst *instance) inquireLater() {
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
	if !inst.live() {
		return
	}
	for _, name := range clusters.undefined(inst) {
		logMiddleware(levelError, inst.name, "%s", undefined(name))
	}
}
