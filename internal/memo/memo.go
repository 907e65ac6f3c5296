// Package memo keeps what comes of requests, so that requests that say the same are not decided
// about again. A memo belongs to one snapshot in front of one service: with the next snapshot,
// everything is forgotten.
package memo

import (
	"hash/maphash"
	"net/http"
	"sync"
	"sync/atomic"
)

// A client chooses what it sends, and a new text with each request. So only what comes twice
// is kept, so much of it, and nothing for a while where little comes twice.
const (
	longestKey  = 1 << 10      // bytes of a key
	mostKeys    = 2048         // that are kept
	mostBytes   = 128 << 10    // of these keys
	mostOnce    = 2 * mostKeys // keys that came once
	fewest      = 8            // of so many keys that were missed, one has to come twice
	restAfter   = 1 << 13      // so many requests go by before learning is tried again
	budgetBytes = 1 << 20      // of the keys of all memos that share a budget
)

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

// A Memo has a handler for each key that came twice. Any number of goroutines may use it at
// a time. Most requests find their handler in Table alone.
type Memo struct {
	Table *atomic.Value // of a map[string]http.Handler that never changes: each one replaces the one before

	budget  *Budget
	resting atomic.Int64 // how many requests are to go by before learning begins again

	mu     sync.Mutex
	all    map[string]http.Handler // what Table has, and what it will have
	behind int                     // how often somebody came for what Table doesn't have yet
	once   map[uint64]bool         // hashes of keys that came once; that of another key does no harm
	missed int                     // how many keys were missed since learning began
	kept   int                     // how many of them are kept
	bytes  int                     // of all keys
	isFull bool
}

var seed = maphash.MakeSeed()

// New returns a memo that has nothing.
func New(budget *Budget) *Memo {
	m := &Memo{Table: &atomic.Value{}, budget: budget, all: map[string]http.Handler{}, once: map[uint64]bool{}}
	m.Table.Store(map[string]http.Handler{})
	return m
}

// Find is for a key that isn't in the table. It returns the key's handler where it is kept
// nevertheless. Otherwise the second result tells whether it should be, since the key has come
// before.
//
// Yaegi: it is a function, since a method costs as much as four.
func Find(m *Memo, key string) (http.Handler, bool) {
	if len(key) > longestKey || m.resting.Load() > 0 && m.resting.Add(-1) > 0 {
		return nil, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.isFull {
		forget(m)
	}
	handler := m.all[key]
	if handler != nil {
		m.behind++
		publishWhenDue(m)
		return handler, false
	}
	return nil, isWanted(m, key)
}

// isWanted notes that a key was missed, and tells whether it came before. The caller has the
// lock.
func isWanted(m *Memo, key string) bool {
	m.missed++
	hash := maphash.String(seed, key)
	if m.once[hash] {
		return true
	}
	if len(m.once) == mostOnce {
		learnAnew(m)
	}
	m.once[hash] = true
	return false
}

// learnAnew ends a round of learning. Where little came twice, the next one begins later. The
// caller has the lock.
func learnAnew(m *Memo) {
	if m.kept < m.missed/fewest {
		rest(m)
	}
	m.missed = 0
	m.kept = 0
	m.once = map[uint64]bool{}
}

// rest has nothing learned for a while. The caller has the lock.
func rest(m *Memo) {
	publish(m)
	m.resting.Store(restAfter)
}

// Keep keeps the handler of a key that Find wants to be kept.
func Keep(m *Memo, key string, handler http.Handler) {
	m.mu.Lock()
	defer m.mu.Unlock()
	hash := maphash.String(seed, key)
	if !m.once[hash] {
		return
	}
	delete(m.once, hash)
	if len(m.all) == mostKeys || m.bytes+len(key) > mostBytes || !spend(m.budget, len(key)) {
		m.isFull = true
		rest(m)
		return
	}
	m.kept++
	m.bytes += len(key)
	m.all[key] = handler
	publishWhenDue(m)
}

func spend(b *Budget, bytes int) bool {
	if b.left.Add(-int64(bytes)) >= 0 {
		return true
	}
	b.left.Add(int64(bytes))
	return false
}

// forget empties a full memo after its rest: many requests have come with keys that it doesn't
// have, so those that it has may be of users that are long gone. The caller has the lock.
func forget(m *Memo) {
	m.budget.left.Add(int64(m.bytes))
	m.isFull = false
	m.all = map[string]http.Handler{}
	m.bytes = 0
	publish(m)
}

// publishWhenDue replaces the table once that is worth its work: it has doubled, or as many
// requests have come in vain as it has keys. The caller has the lock.
func publishWhenDue(m *Memo) {
	known := len(m.Table.Load().(map[string]http.Handler))
	if len(m.all) >= 2*known || m.behind >= known {
		publish(m)
	}
}

func publish(m *Memo) {
	table := map[string]http.Handler{}
	for key, handler := range m.all {
		table[key] = handler
	}
	m.behind = 0
	m.Table.Store(table)
}
