package counters

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

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

// A Flag counts the variants that a flag chooses for requests, in the gates or in one header
// of a middleware. An evaluation without a variant, whose value is the default, counts as the
// variant with no name.
type Flag struct {
	middleware string
	rule       string // the header's name, or ofGate
	name       string
	users      int

	cells   sync.Map // of *int64, by variants; only added to
	adding  sync.Mutex
	counted map[string]*int64 // the same, for those who have the lock
}

// UseFlag is the counters of a flag in a rule, for one instance more.
func (r *Registry) UseFlag(middleware, rule, name string) *Flag {
	id := keyOf(middleware, rule, name)
	f := r.flags[id]
	if f == nil {
		f = &Flag{middleware: middleware, rule: rule, name: name, counted: map[string]*int64{}}
		r.flags[id] = f
	}
	f.users++
	return f
}

// ReleaseFlag forgets the counters with their last user.
func (r *Registry) ReleaseFlag(f *Flag) {
	f.users--
	if f.users == 0 {
		delete(r.flags, keyOf(f.middleware, f.rule, f.name))
	}
}

// CountVariant counts a variant that a flag has chosen. It is called for requests.
func CountVariant(f *Flag, variant string) { atomic.AddInt64(CellOf(f, variant), 1) }

// CellOf is the cell that CountVariant adds to.
func CellOf(f *Flag, variant string) *int64 {
	known, isKnown := f.cells.Load(variant)
	if isKnown {
		return known.(*int64)
	}
	return newCell(f, variant)
}

func newCell(f *Flag, variant string) *int64 {
	f.adding.Lock()
	defer f.adding.Unlock()
	name := shownName(variant)
	if f.counted[name] == nil && len(f.counted) >= mostVariants {
		name = OtherVariants
	}
	cell := f.counted[name]
	if cell == nil {
		cell = new(int64)
		f.counted[name] = cell
		f.cells.Store(name, cell)
	}
	return cell
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
	f.adding.Lock()
	defer f.adding.Unlock()
	var all []*VariantCount
	for _, variant := range lists.SortedKeys(f.counted) {
		count := atomic.LoadInt64(f.counted[variant])
		if count > 0 {
			all = append(all, &VariantCount{Middleware: f.middleware, Rule: f.rule, Flag: f.name, Variant: variant, Count: count})
		}
	}
	return all
}
