//go:build hooks

package model

import (
	"fmt"
	"slices"
	"strings"
)

// Results of gates, as rules have them.
const (
	open   = "open"
	closed = "closed"
)

// A cell is what one asker gets of one rule.
type cell struct {
	middleware string
	rule       rule
	who        asker
}

func (c cell) String() string {
	return fmt.Sprintf("%s: asker %s %s of %q", c.middleware, c.who.tenant, c.who.user, c.rule)
}

// checks hold what was served against the model.
type checks struct {
	world  *world
	floors map[cell]int // the clock of the state that was served last: none from before may follow
}

func newChecks(w *world) *checks { return &checks{world: w, floors: map[cell]int{}} }

// text is what a rule makes of the value of its reading, or of its last one.
func (r rule) text(value string) string {
	switch {
	case value == none && r.format == "exists":
		return "false"
	case value == none || value == unknown:
		return r.missing()
	case r.gate && value == r.blockWhen:
		return closed
	case r.gate:
		return open
	}
	return value
}

// missing is what a rule gives where nothing is known.
func (r rule) missing() string {
	switch {
	case r.gate && r.fallback == r.blockWhen, r.gate && r.fallback == "" && r.blockWhen == "off":
		return closed
	case r.gate:
		return open
	case r.fallback == "":
		return none
	}
	return r.fallback
}

// take notes what was served, and tells what is wrong about it, if anything.
func (c *checks) take(at cell, got string) string {
	readings := at.rule.readings(at.who)
	if len(readings) == 1 && c.takeState(at, readings[0], got) {
		return ""
	}
	allowed := c.allowed(at, readings)
	if !slices.Contains(allowed, got) || len(readings) == 1 && !c.maybeOut(readings[0], at.rule) {
		return fmt.Sprintf("%s gets %q; it may get %q, at last %q", at, got, allowed, c.latest(at, readings))
	}
	return ""
}

// takeState takes what was served as one of the states of the rule's only reading,
// none older than the one before.
func (c *checks) takeState(at cell, r reading, got string) bool {
	for _, s := range c.world.readings[r].states {
		if (s.value == unknown || s.clock >= c.floors[at]) && at.rule.text(s.value) == got {
			c.floors[at] = max(c.floors[at], s.clock)
			return true
		}
	}
	return false
}

// allowed is what may be served, by any state of each reading.
func (c *checks) allowed(at cell, readings []reading) []string {
	r := readings[0]
	values := []string{}
	for _, s := range c.world.readings[r].states {
		values = append(values, s.value)
	}
	if c.maybeOut(r, at.rule) {
		values = append(values, none, unknown)
	}
	var texts []string
	for _, value := range values {
		if value == none && len(readings) > 1 {
			texts = append(texts, c.allowed(at, readings[1:])...)
		} else {
			texts = append(texts, at.rule.text(value))
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func (c *checks) latest(at cell, readings []reading) string {
	value := none
	for _, r := range readings {
		if value == none {
			value = c.world.tree.read(r.at, r.format, r.key)
		}
	}
	return at.rule.text(value)
}

// maybeOut tells whether the node of a reading may be one too many.
func (c *checks) maybeOut(r reading, of rule) bool {
	if r.pattern == "" || c.world.readings[r].served {
		return false
	}
	most := c.world.tree.most(r.pattern)
	for _, before := range c.world.past {
		most = max(most, before.tree.most(r.pattern))
	}
	return most > of.limit()
}

// awaited is what has to be served in the end; it is false where that is open.
func (c *checks) awaited(at cell) (string, bool) {
	w := c.world
	readings := at.rule.readings(at.who)
	for _, r := range readings {
		value := w.tree.read(r.at, r.format, r.key)
		isOut := r.pattern != "" && w.tree.most(r.pattern) > at.rule.limit()
		if value == refused || w.isTainted(r) || isOut && !w.readings[r].served {
			return "", false
		}
		if value != none {
			break
		}
	}
	return c.latest(at, readings), true
}

// proves tells whether nothing but the present of the rule's first reading gives what
// was served.
func (c *checks) proves(at cell, got string) bool {
	readings := at.rule.readings(at.who)
	value := c.world.tree.read(readings[0].at, readings[0].format, readings[0].key)
	if value == refused || at.rule.text(value) != got || len(readings) > 1 && value == none {
		return false
	}
	for _, s := range c.world.readings[readings[0]].states {
		if s.value != value && at.rule.text(s.value) == got {
			return len(readings) == 1 && s.value == unknown && value == none
		}
	}
	return true
}

// serves tells whether a value was served, which then is not to go any more.
func (c *checks) serves(at cell, got string) bool {
	r := at.rule.readings(at.who)[0]
	value := c.world.tree.read(r.at, r.format, r.key)
	right := value != none && value != refused && got == at.rule.text(value) && got != at.rule.missing()
	if right {
		c.world.readings[r].served = true
	}
	return right
}

// fewest is how many askers of a rule with too many nodes have to get their values at
// least. Only headers with one placeholder tell: the limit counts nodes that lack
// what the rule wants of them, too.
func (c *checks) fewest(r rule) int {
	t := c.world.tree
	if r.gate || r.max == 0 || strings.Count(r.path, "{") != 1 || len(r.paths()) > 1 || t.most(r.path) <= r.max {
		return 0
	}
	fewest := r.max
	for _, at := range t.meant(r.path)[0] {
		value := t.read(at, r.format, r.key)
		if value == none || value == refused || c.world.tainted[at] > 0 {
			fewest--
		}
	}
	return fewest
}
