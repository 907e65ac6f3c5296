package middleware

import (
	"crypto/sha256"
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// Traefik calls New for each router that has a middleware, and for all of them at each
// reload. So routers with the same middleware share an instance, which is checked, bound
// to its nodes and worked out once.

// fingerprint is the same for configurations that are the same. It is empty for those
// that aren't shared. Calls of New with the same fingerprint have the compiled rules in
// common; where the middleware's name is the same too, they have the instance.
func fingerprint(c *config.Config) string {
	if len(c.Decoded) == 0 || c.HasTypedFields() {
		return ""
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%#v", c.Decoded))) // since secrets are in it
	return string(sum[:])
}

// share lets calls of New to come have the instance, or its rules. Rules that hold what a
// file or the environment said aren't shared.
func share(s *state, inst *instance) {
	if inst.fingerprint != "" && !inst.rules.External {
		s.shared[inst.fingerprint+inst.name] = inst
		s.compiled[inst.fingerprint] = inst.rules
	}
}

// unshare ends what share began.
func (s *state) unshare(inst *instance) {
	if s.shared[inst.fingerprint+inst.name] == inst {
		delete(s.shared, inst.fingerprint+inst.name)
	}
	if s.compiled[inst.fingerprint] == inst.rules {
		delete(s.compiled, inst.fingerprint)
	}
}

// addInstance takes an instance in: its log settings count, and its gates get their counters.
// With the first status page of the process, all gates begin to be counted.
func addInstance(s *state, inst *instance) {
	s.instances[inst] = true
	if !inst.rules.Log.IsEmpty() {
		s.withLogSettings[inst] = true
	}
	if dependsOnOthers(inst) {
		s.dependents[inst] = true
	}
	if len(s.withLogSettings) > 0 {
		s.applyLogSettings()
	}
	useCounters(inst, s.counters)
	if inst.rules.StatusPage == nil || !s.counters.Begin() {
		return
	}
	for other := range s.instances {
		if other != inst {
			other.update()
		}
	}
}

// remove ends what addInstance began.
func (s *state) remove(inst *instance) {
	delete(s.instances, inst)
	if s.withLogSettings[inst] {
		delete(s.withLogSettings, inst)
		s.applyLogSettings()
	}
	delete(s.dependents, inst)
	inst.releaseCounters()
}

// applyLogSettings has the log do what the live instances want of it.
func (s *state) applyLogSettings() {
	var all []log.Settings
	for inst := range s.withLogSettings {
		if inst.IsLive() {
			all = append(all, inst.rules.Log)
		}
	}
	log.Apply(all)
}
