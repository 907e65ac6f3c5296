package counters

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// mostVariants is how many variants of a flag are counted by themselves. Whoever writes nodes
// chooses their names, and may choose others every minute.
const mostVariants = 20

// LongestVariant is how many bytes of a variant's name are kept, and stand in the decision header,
// since a header has little room.
const LongestVariant = 128

// OtherVariants is what all further variants are counted as.
const OtherVariants = "(others)"

// A Flag counts what becomes of a flag's evaluations in the gates or in one header of a
// middleware. One without a variant, whose value is the default, counts as the variant with no
// name.
type Flag struct {
	middleware string
	rule       string // the header's name, or ofGate
	name       string
	users      int

	cells    sync.Map // of *int64, by what ids say; only added to
	adding   sync.Mutex
	counted  map[string]*cell // the same, with what they count, for those who have the lock
	variants map[string]bool  // that are counted by themselves
}

// A cell counts the evaluations that had the same variant, and in gates for the same reason led
// to the same decision.
type cell struct {
	decision string // empty in headers
	reason   string
	variant  string
	count    *int64
}

// CountVariant counts a variant that a header's flag has chosen. It is called for requests.
func CountVariant(f *Flag, variant string) { atomic.AddInt64(CellOfVariant(f, variant), 1) }

// CellOfVariant is the cell that CountVariant adds to.
func CellOfVariant(f *Flag, variant string) *int64 {
	known, isKnown := f.cells.Load(variant)
	if isKnown {
		return known.(*int64)
	}
	return newCell(f, variant, &cell{variant: variant})
}

// CellOf is the cell that Count adds to.
func CellOf(f *Flag, decision string, ev *flag.Evaluation) *int64 {
	id := decision + "\x00" + ev.Reason + "\x00" + ev.Variant
	known, isKnown := f.cells.Load(id)
	if isKnown {
		return known.(*int64)
	}
	return newCell(f, id, &cell{decision: decision, reason: ev.Reason, variant: ev.Variant})
}

// newCell adds a cell. Whoever writes nodes may choose new names of variants all the time, so
// only those that are counted by themselves are found by their ids the next time.
func newCell(f *Flag, id string, c *cell) *int64 {
	f.adding.Lock()
	defer f.adding.Unlock()
	if f.counted == nil {
		f.counted = map[string]*cell{}
		f.variants = map[string]bool{}
	}
	name := shownName(c.variant)
	if !f.variants[name] && len(f.variants) >= mostVariants {
		name = OtherVariants
	}
	isOwn := name == c.variant
	c.variant = name
	shown := c.decision + "\x00" + c.reason + "\x00" + name
	known := f.counted[shown]
	if known == nil {
		known = c
		known.count = new(int64)
		f.counted[shown] = known
		f.variants[name] = true
	}
	if isOwn {
		f.cells.Store(id, known.count)
	}
	return known.count
}

// shownName is a variant's name as it is counted and shown: short, and with a mark in the place
// of what isn't to be seen, or turns the rest around.
func shownName(variant string) string {
	return unseen.ReplaceAllString(ShortVariant(variant), "\ufffd")
}

// ShortVariant is a variant's name cut to what is kept of it, and shown.
func ShortVariant(variant string) string {
	if len(variant) <= LongestVariant {
		return variant
	}
	return strings.ToValidUTF8(variant[:LongestVariant], "") + "..."
}

var unseen = regexp.MustCompile(`[^\pL\pM\pN\pP\pS ]+`)

// A VariantCount is how often a flag has chosen a variant, in the gates or in a header of a
// middleware.
type VariantCount struct {
	Middleware string
	Rule       string // the header's name, or gate
	Flag       string
	Variant    string // empty where the flag chose none
	Count      int64
}

// Variants are what flags have chosen, by the names of the middlewares, the rules and the flags.
func (r *Registry) Variants() []*VariantCount {
	var all []*VariantCount
	for _, id := range lists.SortedKeys(r.flags) {
		all = append(all, r.flags[id].Variants()...)
	}
	return all
}

// Variants are those of one flag.
func (f *Flag) Variants() []*VariantCount {
	sums := f.sums(func(c *cell) string { return c.variant })
	var all []*VariantCount
	for _, variant := range lists.SortedKeys(sums) {
		if sums[variant] > 0 {
			all = append(all, &VariantCount{Middleware: f.middleware, Rule: f.rule, Flag: f.name, Variant: variant, Count: sums[variant]})
		}
	}
	return all
}

// sums adds up the cells that have the same in common.
func (f *Flag) sums(common func(*cell) string) map[string]int64 {
	f.adding.Lock()
	defer f.adding.Unlock()
	sums := map[string]int64{}
	for _, c := range f.counted {
		sums[common(c)] += atomic.LoadInt64(c.count)
	}
	return sums
}
