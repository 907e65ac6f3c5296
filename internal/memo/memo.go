// Package memo keeps what comes of requests, so that requests that say the same are not decided
// about again. A memo of handlers belongs to one snapshot in front of one service: with the next
// snapshot, everything is forgotten. Who has a memo of lines keeps them right.
package memo

import (
	"hash/maphash"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// A client chooses what it sends, and a new text with each request. So only what comes twice
// is kept, so much of it, and nothing for a while where little comes twice.
const (
	longestKey  = 1 << 10      // bytes of a key
	mostKeys    = 2048         // that are kept
	mostBytes   = 128 << 10    // of these keys
	mostOnce    = 2 * mostKeys // keys that came once
	fewest      = 8            // of so many keys that were missed, one has to come twice
	mostSpent   = 4 * mostKeys // keys that a full memo misses before it starts over
	budgetBytes = 1 << 20      // of the keys of all memos that share a budget
)

// How long nothing is learned where little comes twice: twice as long each time.
const (
	firstRest = 10 * time.Second
	lastRest  = 10 * time.Minute
)

// Keys that came once are noted by a number, which keeps no text of a client's in memory. Another
// key with the same number does no harm: it is kept the first time that it comes.
var seed = maphash.MakeSeed()

// A Budget is what the memos of one snapshot may keep together.
type Budget struct {
	left atomic.Int64 // bytes of keys
}

// NewBudget returns a budget of which nothing is spent.
func NewBudget() *Budget {
	b := &Budget{}
	b.left.Store(budgetBytes)
	return b
}

// A Kept is what a memo has for a key.
type Kept struct {
	Handler http.Handler // of the requests with this key
	Lines   **[]string   // in a memo of lines: of a header of theirs, as package published has them
}

// A Memo has something for each key that came twice. Any number of goroutines may use it at a
// time. Most requests find what they need in the table alone.
type Memo struct {
	// Table has a map[string]http.Handler, or in a memo of lines a map[string]**[]string. Such a
	// map never changes: another one replaces it.
	Table *atomic.Value

	// Learns is false while nothing is learned. Find needn't be called then.
	Learns *atomic.Bool

	ofLines bool
	budget  *Budget

	mu     sync.Mutex
	all    map[string]*Kept // what the table has, and what it will have; nil before the first one
	known  int              // how many of them the table has
	behind int              // how often somebody came for what Table doesn't have yet
	once   map[uint64]bool  // keys that came once; nil before the first one
	rests  time.Duration    // how long the last rest was; zero where enough has come twice since
	missed int              // how many keys were missed since learning began
	kept   int              // how many of them are kept
	bytes  int              // of all keys
	isFull bool
}

// New returns a memo of handlers that has nothing.
func New(budget *Budget) *Memo { return newMemo(budget, false) }

// OfLines is New for a memo of lines.
func OfLines(budget *Budget) *Memo { return newMemo(budget, true) }

func newMemo(budget *Budget, ofLines bool) *Memo {
	m := &Memo{Table: &atomic.Value{}, Learns: &atomic.Bool{}, ofLines: ofLines, budget: budget}
	m.Learns.Store(true)
	if ofLines {
		m.Table.Store(noLines)
	} else {
		m.Table.Store(noHandlers)
	}
	return m
}

// The tables of all memos that have nothing.
var (
	noLines    = map[string]**[]string{}
	noHandlers = map[string]http.Handler{}
)

// What Find says of a key that nothing is kept for.
const (
	Unwanted = iota
	Wanted   // it has come before: Keep should be called
	Spent    // the memo is full, and others come than those that it has: Forget should be called
)

// Find is for a key that isn't in the table. It returns what is kept for the key, where
// something is nevertheless, or else says what is to be done about that.
//
// Yaegi: it is a function, since a method costs as much as four.
func Find(m *Memo, key string) (*Kept, int) {
	if len(key) > longestKey || !m.Learns.Load() {
		return nil, Unwanted
	}
	m.mu.Lock() // Yaegi: a defer would cost as much as all else
	kept, advice := m.all[key], Unwanted
	switch {
	case m.isFull:
		kept = nil
		advice = adviceWhenFull(m)
	case kept != nil:
		m.behind++
		publishWhenDue(m)
	default:
		advice = adviceFor(m, key)
	}
	m.mu.Unlock()
	return kept, advice
}

// adviceWhenFull has a full memo start over once many keys have come that it doesn't have. The
// caller has the lock.
func adviceWhenFull(m *Memo) int {
	m.missed++
	if m.missed < mostSpent {
		return Unwanted
	}
	return Spent
}

// adviceFor notes that a key was missed, and says whether it is wanted. The caller has the lock.
func adviceFor(m *Memo, key string) int {
	m.missed++
	seen := maphash.String(seed, key)
	if m.once[seen] {
		return Wanted
	}
	if m.once == nil {
		m.once = map[uint64]bool{}
	} else if len(m.once) == mostOnce {
		learnAnew(m)
	}
	m.once[seen] = true
	return Unwanted
}

// learnAnew ends a round of learning. Where little came twice, the next one begins later. The
// caller has the lock.
func learnAnew(m *Memo) {
	if m.kept < m.missed/fewest {
		rest(m)
	} else {
		m.rests = 0
	}
	m.missed = 0
	m.kept = 0
	m.once = map[uint64]bool{}
}

// rest has nothing learned for a while. The caller has the lock.
func rest(m *Memo) {
	publish(m)
	m.rests = m.rests * 2
	switch {
	case m.rests == 0:
		m.rests = firstRest
	case m.rests > lastRest:
		m.rests = lastRest
	}
	m.Learns.Store(false)
	detachedLearnAfter(m.Learns, m.rests)
}

// learnAfter has no memo, which the timer would keep after its snapshot, with the service that it
// is in front of.
func learnAfter(learns *atomic.Bool, rest time.Duration) {
	guard.After(rest, "what is kept of requests", func() { learns.Store(true) })
}

// detachedLearnAfter is learnAfter.
//
// Yaegi: called so, it has no caller's frame, which its closure would keep.
var detachedLearnAfter func(learns *atomic.Bool, rest time.Duration)

func init() { detachedLearnAfter = learnAfter }

// Keep keeps something for a key that Find says is wanted. It tells whether it did.
func Keep(m *Memo, key string, kept *Kept) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := maphash.String(seed, key)
	if m.isFull || !m.once[seen] {
		return false
	}
	delete(m.once, seen)
	if len(m.all) == mostKeys || m.bytes+len(key) > mostBytes || !spend(m.budget, len(key)) {
		m.isFull = true
		m.missed = 0
		publish(m)
		return false
	}
	if m.all == nil {
		m.all = map[string]*Kept{}
	}
	m.kept++
	m.bytes += len(key)
	m.all[key] = kept
	publishWhenDue(m)
	return true
}

func spend(b *Budget, bytes int) bool {
	if b.left.Add(-int64(bytes)) >= 0 {
		return true
	}
	b.left.Add(int64(bytes))
	return false
}

// Forget empties the memo.
func Forget(m *Memo) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.budget.left.Add(int64(m.bytes))
	m.isFull = false
	m.missed = 0
	m.kept = 0
	m.all = nil
	m.bytes = 0
	publish(m)
}

// publishWhenDue replaces the table once that is worth its work: it has doubled, or as many
// requests have come in vain as it has keys. The caller has the lock.
func publishWhenDue(m *Memo) {
	if len(m.all) >= 2*m.known || m.behind >= m.known {
		publish(m)
	}
}

func publish(m *Memo) {
	m.behind = 0
	m.known = len(m.all)
	if m.ofLines {
		m.Table.Store(linesIn(m.all))
	} else {
		m.Table.Store(handlersIn(m.all))
	}
}

func linesIn(all map[string]*Kept) map[string]**[]string {
	table := map[string]**[]string{}
	for key, kept := range all {
		table[key] = kept.Lines
	}
	return table
}

func handlersIn(all map[string]*Kept) map[string]http.Handler {
	table := map[string]http.Handler{}
	for key, kept := range all {
		table[key] = kept.Handler
	}
	return table
}
