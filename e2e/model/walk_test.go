//go:build hooks

package model

import (
	"fmt"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

const (
	// linger is how long instances go on that were cancelled. A reload has to be
	// done before it is over.
	linger = 1500 * time.Millisecond
	// patience is how long the plugin may take to get to where the model is;
	// after a restore it needs another client, which it waits 10 s for.
	patience         = 20 * time.Second
	restoredPatience = 40 * time.Second
)

// walker runs walks, one after the other.
type walker struct {
	t        testing.TB
	plugin   plugin.Plugin
	ensemble *ensemble
	without  map[string]bool
	walks    int
}

// walk is one of them.
type walk struct {
	*walker
	world     *world
	checks    *checks
	proxy     *proxy
	patience  time.Duration
	restored  bool             // since the plugin was last where the model is
	greetings [2]*byte         // of the ways, before the plugin has to connect
	connects  bool             // the plugin has to
	seen      map[reading]bool // in the sample
	wrong     string
}

// A violation is what is wrong after a step.
type violation struct {
	at   int // the step
	what string
}

// run walks, and tells what goes wrong first; nil for nothing. Less patience than
// there is by default is for trying whether fewer steps do the same.
func (r *walker) run(steps []step, quick bool) *violation {
	r.t.Helper()
	r.walks++
	r.ensemble.begin(r.walks)
	w := &walk{walker: r, world: newWorld(), patience: patience}
	if quick {
		w.patience = 4 * time.Second
	}
	w.checks = newChecks(w.world)
	w.proxy = &proxy{plugin: r.plugin, cluster: fmt.Sprint("cluster", r.walks), chroot: r.ensemble.chroot, places: r.ensemble.places()}
	defer func() { cancelAll(w.proxy.instances) }()
	for i, s := range steps {
		w.do(s)
		if w.wrong == "" {
			w.look(s.hurried)
		}
		if w.wrong != "" {
			return &violation{at: i, what: w.wrong}
		}
	}
	return nil
}

// look compares what is served with the model: once while something else follows
// or the plugin can't learn anything, otherwise until they are the same.
func (w *walk) look(hurried bool) {
	if hurried || !w.world.reachable() {
		w.sample(w.proxy.instances)
		return
	}
	limit := w.patience
	if w.restored {
		limit += restoredPatience - patience
	}
	if !w.connect(limit) {
		return
	}
	open := ""
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		open = w.sample(w.proxy.instances)
		if w.wrong != "" {
			return
		}
		if open == "" {
			w.world.settled(w.seen)
			w.restored = false
			return
		}
	}
	w.wrong = fmt.Sprintf("after %s %s", limit, open)
}

// connect waits until the plugin has connected where it has to.
func (w *walk) connect(limit time.Duration) bool {
	for deadline := time.Now().Add(limit); w.connects && len(w.proxy.instances) > 0; time.Sleep(time.Millisecond) {
		w.connects = w.ensemble.greetings() == w.greetings
		if time.Now().After(deadline) {
			w.wrong = fmt.Sprintf("after %s there is no session", limit)
			return false
		}
	}
	w.connects = false
	return true
}

// reconnects notes that the plugin has to connect anew.
func (w *walk) reconnects() {
	w.world.connected()
	w.greetings, w.connects = w.ensemble.greetings(), true
}

// sample asks all for everything, notes what may not be, and tells what is still to
// come.
func (w *walk) sample(instances []*instance) string {
	open := ""
	w.seen = map[reading]bool{}
	for _, inst := range instances {
		right := make([]int, len(inst.rules))
		for _, who := range inst.askers {
			for i, got := range inst.ask(who) {
				at := cell{inst.name, inst.rules[i], who}
				if got == "" {
					continue
				}
				if wrong := w.checks.take(at, got); wrong != "" && w.wrong == "" {
					w.wrong = wrong
				}
				if w.checks.proves(at, got) {
					w.seen[at.rule.readings(who)[0]] = true
				}
				want, certain := w.checks.awaited(at)
				if certain && got != want {
					open = fmt.Sprintf("%s gets %q; want %q", at, got, want)
				}
				if w.checks.serves(at, got) {
					right[i]++
				}
			}
		}
		for i, rule := range inst.rules {
			if fewest := w.checks.fewest(rule); right[i] < fewest && isSeen(inst) {
				open = fmt.Sprintf("%s: %d askers of %q get their values; want %d", inst.name, right[i], rule, fewest)
			}
		}
	}
	return open
}

// isSeen tells whether no gate can keep headers from being seen.
func isSeen(inst *instance) bool {
	for _, r := range inst.rules {
		if r.gate {
			return false
		}
	}
	return true
}
