//go:build hooks

package model

import (
	"fmt"
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

// checks hold what was served against the model.
type checks struct {
	world  *world
	floors map[cell]int // the clock of the state that was served last: none from before may follow
}

func newChecks(w *world) *checks { return &checks{world: w, floors: map[cell]int{}} }

// text is what a rule makes of a reading's value.
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
	reading := at.rule.reading(at.who)
	k := c.world.readings[reading]
	for _, s := range k.states {
		if (s.value == unknown || s.clock >= c.floors[at]) && at.rule.text(s.value) == got {
			c.floors[at] = max(c.floors[at], s.clock)
			return ""
		}
	}
	if c.isCrowded(at.rule) && !k.served && (got == at.rule.missing() || got == at.rule.text(none)) {
		return ""
	}
	return fmt.Sprintf("%s: asker %s %s of %q gets %q; it may get %s", at.middleware, at.who.tenant, at.who.user, at.rule, got, c.allowed(at, k))
}

func (c *checks) allowed(at cell, k *knowledge) string {
	var texts []string
	for _, s := range k.states {
		text := fmt.Sprintf("%q", at.rule.text(s.value))
		if s.clock < c.floors[at] {
			text += ", which is older than what it has got"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " or ")
}

// isCrowded tells whether there are, or were, more nodes than the rule's limit.
func (c *checks) isCrowded(r rule) bool {
	if !isPattern(r.path) {
		return false
	}
	most := c.world.tree.most(r.path)
	for _, before := range c.world.past {
		most = max(most, before.tree.most(r.path))
	}
	return most > r.limit()
}

// awaited is what has to be served in the end; it is false where that is open.
func (c *checks) awaited(at cell) (string, bool) {
	w, r := c.world, at.rule.reading(at.who)
	value := w.tree.read(r.at, r.format, r.key)
	isOver := isPattern(at.rule.path) && w.tree.most(at.rule.path) > at.rule.limit()
	if value == refused || w.isTainted(r) || isOver && !w.readings[r].served {
		return "", false
	}
	return at.rule.text(value), true
}

// serves tells whether a value was served, which then is not to go any more.
func (c *checks) serves(at cell, got string) bool {
	r := at.rule.reading(at.who)
	value := c.world.tree.read(r.at, r.format, r.key)
	right := value != none && value != refused && got == at.rule.text(value) && got != at.rule.missing()
	if right {
		c.world.readings[r].served = true
	}
	return right
}

// fewest is how many askers of a crowded rule have to get their values at least. Only
// headers with one placeholder tell: the limit counts nodes that lack what the
// rule wants of them, too.
func (c *checks) fewest(r rule) int {
	t := c.world.tree
	if r.gate || r.max == 0 || strings.Count(r.path, "{") != 1 || t.most(r.path) <= r.max {
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
