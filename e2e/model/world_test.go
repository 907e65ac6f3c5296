//go:build hooks

package model

import (
	"slices"
	"time"
)

// world is the model: what is in the ensemble, what the plugin may know of it, and
// how the plugin is configured. It knows no time: what the plugin has to serve once
// it had time to is the present, and until then all that was since may be served.
type world struct {
	tree     tree
	copied   tree   // nil without a copy
	past     []past // what the plugin may still take for the present, the oldest first
	readings map[reading]*knowledge
	clock    int // counts what was learnt

	wanted, built  map[string]middleware // for the next reload, and since the last one
	want, inForce  definition
	network, serve bool

	// tainted are nodes that may not be read, or couldn't: ZooKeeper spends watches
	// of such a node without a word, so that what is known of it stays. Those who
	// have a watch of their own learn of the next change after a reconnect only.
	tainted map[string]taint
}

type past struct {
	tree tree
	end  time.Time
}

type taint int

const (
	taintsOwn taint = 1 + iota // those with a watch of their own
	taintsAll
)

// A reading is a format and key of a node, by way of a pattern or not.
type reading struct{ at, pattern, format, key string }

// knowledge is what the plugin may know of a reading.
type knowledge struct {
	states []state // the oldest first
	used   bool    // by a middleware of the last reload
	served bool    // was, and the node has been there since
}

type state struct {
	clock int
	value string
}

func newWorld() *world {
	return &world{
		tree: tree{}, readings: map[reading]*knowledge{}, wanted: map[string]middleware{}, built: map[string]middleware{},
		network: true, serve: true, tainted: map[string]taint{}, want: definition{timeout: "2s", servers: "12"},
	}
}

// reachable tells whether the plugin can reach the ensemble.
func (w *world) reachable() bool { return w.network && w.serve }

// changing has the tree changed in one operation, and learns what comes of it.
func (w *world) changing(change func(t tree)) {
	w.past = append(w.past, past{w.tree.clone(), time.Now()})
	change(w.tree)
	for r, k := range w.readings {
		w.learn(r, k, w.tree)
	}
}

// learn adds what the reading is now to what may be known.
func (w *world) learn(r reading, k *knowledge, t tree) {
	value := t.read(r.at, r.format, r.key)
	if value == none {
		k.served = false
	}
	if value != refused {
		w.add(k, value)
	}
}

func (w *world) add(k *knowledge, value string) {
	if n := len(k.states); n == 0 || k.states[n-1].value != value {
		w.clock++
		k.states = append(k.states, state{w.clock, value})
	}
}

// put creates or changes a node whose parents are there.
func (w *world) put(at string, c content) {
	w.changing(func(t tree) {
		n := t[at]
		n.content = c
		t[at] = n
	})
	if !w.tree[at].denied && w.tainted[at] > 0 {
		w.tainted[at] = taintsOwn
	}
}

func (w *world) del(at string) { w.changing(func(t tree) { delete(t, at) }) }

// permit takes the right to read a node, or gives it back.
func (w *world) permit(at string, granted bool) {
	w.changing(func(t tree) {
		n := t[at]
		n.denied = !granted
		t[at] = n
	})
	if !granted {
		w.tainted[at] = taintsAll
	}
}

// connected is that the plugin had to connect anew.
func (w *world) connected() {
	for at := range w.tainted {
		if !w.tree[at].denied {
			delete(w.tainted, at)
		}
	}
}

// restore makes the ensemble what it was when it was copied.
func (w *world) restore() {
	w.changing(func(t tree) {
		clear(t)
		for at, n := range w.copied {
			t[at] = n
			if n.denied {
				w.tainted[at] = taintsAll
			}
		}
	})
}

// isTainted tells whether what is known of a reading may stay what it is.
func (w *world) isTainted(r reading) bool {
	t := w.tainted[r.at]
	return t == taintsAll || t == taintsOwn && r.pattern == ""
}

// use begins the use of a reading. What nobody used before may be unknown for a
// while, and what was let go is known still or not.
func (w *world) use(r reading) *knowledge {
	k := w.readings[r]
	if k == nil {
		k = &knowledge{}
		w.readings[r] = k
	}
	if k.used {
		return k
	}
	k.used = true
	k.states = append([]state{{0, unknown}}, k.states...)
	for _, before := range w.past {
		w.learn(r, k, before.tree)
	}
	w.learn(r, k, w.tree)
	if w.tree.read(r.at, r.format, r.key) == refused {
		w.add(k, none) // there is no last good one
	}
	return k
}

// settled is that the plugin has had time to learn all, and these readings were
// seen to be right.
func (w *world) settled(seen map[reading]bool) {
	for r := range seen {
		k := w.readings[r]
		if w.isTainted(r) || w.tree.read(r.at, r.format, r.key) == refused {
			continue
		}
		k.states = k.states[len(k.states)-1:]
		if !k.served && w.isOut(r) {
			k.states = append([]state{{0, unknown}}, k.states...)
		}
	}
	for len(w.past) > 0 && len(w.tainted) == 0 && time.Since(w.past[0].end) > slack {
		w.past = w.past[1:]
	}
}

// slack is for what no asker sees the plugin learn.
const slack = 2 * time.Second

// isOut tells whether there are more nodes than anybody who uses a reading allows.
func (w *world) isOut(r reading) bool {
	if r.pattern == "" {
		return false
	}
	limit := 0
	for _, m := range w.built {
		for _, rule := range m {
			if slices.Contains(rule.paths(), r.pattern) && rule.format == r.format && rule.key == r.key {
				limit = max(limit, rule.limit())
			}
		}
	}
	return w.tree.most(r.pattern) > limit
}

// reload takes the configuration that is wanted.
func (w *world) reload() {
	w.built = map[string]middleware{}
	used := map[reading]bool{}
	for name, m := range w.wanted {
		w.built[name] = slices.Clone(m)
		for r := range m.readings() {
			used[r] = true
		}
	}
	for r, k := range w.readings {
		k.used = k.used && used[r]
		k.served = k.served && k.used
	}
	for r := range used {
		w.use(r)
	}
	if len(w.wanted) > 0 && w.inForce != w.want {
		w.inForce = w.want
		for _, k := range w.readings {
			k.served = false // another session may come upon other nodes first
		}
	}
}

// forget is that what was in use may be unknown again, since a reload took too long.
func (w *world) forget() {
	for _, k := range w.readings {
		k.served = false
		k.states = append([]state{{0, unknown}}, k.states...)
	}
}

// readings are those that the middleware may be asked for.
func (m middleware) readings() map[reading]bool {
	found := map[reading]bool{}
	for _, who := range m.askers() {
		for _, r := range m {
			for _, of := range r.readings(who) {
				found[of] = true
			}
		}
	}
	return found
}

// readings are a rule's, the first path's first.
func (r rule) readings(who asker) []reading {
	var all []reading
	for _, path := range r.paths() {
		found := reading{at: place(path, who), format: r.format, key: r.key}
		if isPattern(path) {
			found.pattern = path
		}
		all = append(all, found)
	}
	return all
}
