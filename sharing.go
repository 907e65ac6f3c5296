package zookeeper

import (
	"crypto/sha256"
	"fmt"
)

// Traefik calls New for each router that has a middleware, and for all of them at
// each reload. So those with the same configuration share an instance: it is checked,
// bound to its nodes and worked out once.

// fingerprint is the same for configurations that are the same, and empty for those
// that calls of New don't share. Calls with the same name too share an instance, all
// of them what the configuration compiles to.
func fingerprint(config *Config) string {
	if len(config.Decoded) == 0 || config.typed() {
		return ""
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%#v", config.Decoded))) // since secrets are in it
	return string(sum[:])
}

// share lets calls of New to come have bindings of the instance, or its rules, unless
// these hold what a file or the environment said.
func (s *sharedState) share(inst *instance) {
	if inst.same != "" && !inst.rules.foreign {
		s.shared[inst.same+inst.name] = inst
		s.compiled[inst.same] = inst.rules
	}
}

// unshare ends that.
func (s *sharedState) unshare(inst *instance) {
	if s.shared[inst.same+inst.name] == inst {
		delete(s.shared, inst.same+inst.name)
	}
	if s.compiled[inst.same] == inst.rules {
		delete(s.compiled, inst.same)
	}
}

// admit grants what an instance wants of the log, and gives its gates their counters.
// With the first status page, all instances begin to count.
func (s *sharedState) admit(inst *instance) {
	s.instances[inst] = true
	if !saysNothing(inst.rules.log) {
		s.wishing[inst] = true
	}
	s.grantWishes()
	for _, g := range inst.rules.gates {
		id := counterKey(inst, g)
		if s.counters[id] == nil {
			s.counters[id] = &sharedCounters{counters: newDecisionCounters(inst.name, g.label)}
		}
		s.counters[id].users++
		inst.basis.counters = append(inst.basis.counters, s.counters[id].counters)
	}
	if inst.rules.statusPage == nil || isCounting() {
		return
	}
	var all []*decisionCounters
	for _, shared := range s.counters {
		all = append(all, shared.counters)
	}
	beginCounting(all)
	for other := range s.instances {
		if other != inst {
			other.update()
		}
	}
}

// dismiss is the end of what admit began.
func (s *sharedState) dismiss(inst *instance) {
	delete(s.instances, inst)
	delete(s.wishing, inst)
	s.grantWishes()
	for i := range inst.basis.counters {
		id := counterKey(inst, inst.rules.gates[i])
		s.counters[id].users--
		if s.counters[id].users == 0 {
			delete(s.counters, id)
		}
	}
}

func counterKey(inst *instance, g *compiledGate) string { return inst.name + "\x00" + g.label }

// grantWishes has the log do what the live instances want.
func (s *sharedState) grantWishes() {
	var wishes []logWish
	for inst := range s.wishing {
		if inst.IsLive() {
			wishes = append(wishes, inst.rules.log)
		}
	}
	adjustLog(wishes)
}
