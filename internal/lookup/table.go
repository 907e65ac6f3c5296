package lookup

import (
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/memo"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// Most headers with a placeholder in their path go by one header of the request. Their lines
// are in a table under what that header says, and the subtree that they come from sees to it
// that they are those of now. So the table outlives snapshots.

// A Table has the lines of one rule's header for requests that have come before.
type Table struct {
	rule *rules.Header
	from string // the request's header that its node is named by
	how  *cache.Reading
	kept *memo.Memo

	mu           sync.Mutex
	subscription *cache.Subscription
	forgotten    int // how often the table was emptied
}

// An Origin is where the lines of a table come from.
type Origin struct {
	Subscription *cache.Subscription
	Managed      map[string]string // headers that the plugin manages; their values are the same for all requests
}

// TableFor is the table of a header rule with one path: the one that is known, where it still
// fits, or a new one. It is nil where the lines can't be kept.
func TableFor(known *Table, f *Finder, rule *rules.Header, of *Origin) *Table {
	if !published.ReadInPlace() || rule.Response || rule.Mode != rules.ModeSet {
		return nil
	}
	seen, path := f.Seen[0], f.Source.Places[0].Template
	if seen.Tree == nil || !seen.Known || !seen.Tree.Loaded() {
		return nil
	}
	from := request.OnlyHeaderOfPath(path, of.Managed)
	if from == "" {
		return nil
	}
	if known == nil || known.subscription != of.Subscription || known.from != from {
		return detachedTable(rule, from, of.Subscription)
	}
	return known
}

func newTable(rule *rules.Header, from string, subscription *cache.Subscription) *Table {
	t := &Table{rule: rule, from: from, subscription: subscription, kept: memo.OfLines(memo.NewBudget())}
	t.how = &cache.Reading{
		Render: func(e *cache.Entry) string { return lineOf(rule, e) },
		Drop:   func() { forget(t) },
	}
	return t
}

// detachedTable is newTable.
//
// Yaegi: called so, it has no caller's frame, which its closures would keep.
var detachedTable func(rule *rules.Header, from string, subscription *cache.Subscription) *Table

func init() { detachedTable = newTable }

// lineOf is what a header says for a node of a subtree. The entry is nil for a node that isn't
// there.
func lineOf(rule *rules.Header, e *cache.Entry) string {
	if e == nil || !e.Loaded {
		return rule.Missing
	}
	return HeaderText(rule, &cache.Observed{Value: e.Value, Known: true})
}

func forget(t *Table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgotten++
	memo.Forget(t.kept)
}

// A Tabled is a header that is set by a table.
type Tabled struct {
	Rule   *rules.Header
	Alias  string  // removed with it; empty for none
	Finder *Finder // for requests whose line isn't in the table
	Table  *Table
}

// Before sets headers by their tables.
func Before(next http.Handler, all []*Tabled) http.HandlerFunc {
	handler := before(next, all[0])
	for _, h := range all[1:] {
		handler = before(asHandler(handler), h)
	}
	return handler
}

// Yaegi: conversions to interfaces have a function of their own.
func asHandler(f http.HandlerFunc) http.Handler { return f }

func before(next http.Handler, h *Tabled) http.HandlerFunc {
	table, from, name, alias := wordOf(h.Table.kept.Table), h.Table.from, h.Rule.Name, h.Alias
	return func(w http.ResponseWriter, r *http.Request) {
		for _, text := range r.Header[from] {
			line := (*table)[text]
			if line != nil {
				r.Header[name] = **line
				delete(r.Header, alias)
				next.ServeHTTP(w, r)
				return
			}
			//lint:ignore SA4004 the first line counts, and a loop takes fewer steps than an index
			break
		}
		findAndServe(h, next, w, r)
	}
}

func wordOf(current *atomic.Value) *map[string]**[]string {
	return published.WordOf(current).(*map[string]**[]string)
}

// findAndServe is for a request whose line isn't in the table.
func findAndServe(h *Tabled, next http.Handler, w http.ResponseWriter, r *http.Request) {
	delete(r.Header, h.Alias)
	reader := &request.Reader{Request: r} // the path goes by no header that is managed
	text := HeaderTextFor(h.Finder, h.Rule, reader)
	if text == "" {
		delete(r.Header, h.Rule.Name)
	} else {
		r.Header[h.Rule.Name] = []string{text}
	}
	lines := r.Header[h.Table.from]
	if text != "" && len(lines) > 0 {
		keepWhereWanted(h.Table, lines[0], reader)
	}
	next.ServeHTTP(w, r)
}

// keepWhereWanted keeps the line of a request where such requests have come before.
func keepWhereWanted(t *Table, key string, reader *request.Reader) {
	_, advice := memo.Find(t.kept, key)
	switch advice {
	case memo.Wanted:
		keep(t, key, reader)
	case memo.Spent:
		startOver(t)
	}
}

func keep(t *Table, key string, reader *request.Reader) {
	path, isNamed := request.PathFor(t.rule.Source.Places[0].Template, reader)
	if !isNamed {
		return
	}
	t.mu.Lock()
	forgotten := t.forgotten
	t.mu.Unlock()
	current := cache.ReadInPlace(t.subscription, path, t.how)
	if current != nil {
		keepUnless(t, forgotten, key, published.WordOf(current).(**[]string))
	}
}

// keepUnless keeps a line, unless the table has been emptied more often by now: then the line may
// have ended. Otherwise it is ready for a request to come.
func keepUnless(t *Table, forgotten int, key string, line **[]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.forgotten == forgotten {
		memo.Keep(t.kept, key, &memo.Kept{Lines: line})
	}
}

// startOver empties a table, and has the subtree forget what stood in it. Where somebody works on
// the subtree, that is left to a request to come.
func startOver(t *Table) {
	if cache.EndReadingInPlace(t.subscription) {
		forget(t)
	}
}
