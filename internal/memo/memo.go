// Package memo keeps what was decided about requests, so that requests that say the same are
// not decided about again. A memo belongs to one snapshot: with the next one, everything is
// forgotten.
package memo

import (
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/answer"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// An Outcome is what comes of a request. It never changes once it is kept.
type Outcome struct {
	Refusal   *rules.Refusal // nil where the request goes on
	Names     []string       // headers to set, canonical
	Values    [][]string
	Removed   []string        // headers to remove
	Response  *answer.Headers // headers of the response that depend on the request; nil for none
	Decisions string          // what the decision header says; empty without one
	Cells     []*int64        // counters
	IsPlain   bool            // there is nothing of all that
}

// A client chooses what it sends, and a new text with each request. So only what comes twice
// is kept, so much of it, and nothing any more where little comes twice.
const (
	longestKey   = 1 << 10  // bytes of a key
	mostOutcomes = 512      // that are kept
	mostBytes    = 64 << 10 // of their keys
	mostMissed   = 1 << 10  // keys that came once
	fewest       = 8        // of so many keys that were missed, one has to come twice
)

// A Memo has outcomes by keys. Any number of goroutines may use it at a time.
type Memo struct {
	Outcomes sync.Map    // of *Outcome; for reading
	IsOn     atomic.Bool // it is worth to look; false where little comes twice

	mu     sync.Mutex
	once   map[string]bool // keys that came once
	missed int             // how many keys were missed
	kept   int
	bytes  int
	closed atomic.Bool // nothing more is kept; also read without the lock
}

// New returns a memo that has nothing.
func New() *Memo {
	m := &Memo{once: map[string]bool{}}
	m.IsOn.Store(true)
	return m
}

// Wants tells whether the outcome for a key that was missed should be kept, since the key has
// come before.
//
// Yaegi: it is a function, since a method costs as much as four.
func Wants(m *Memo, key string) bool {
	if m.closed.Load() || len(key) > longestKey {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed.Load() {
		return false
	}
	m.missed++
	if m.once[key] {
		return true
	}
	if len(m.once) < mostMissed {
		m.once[key] = true
	}
	if m.missed > mostMissed && m.kept < m.missed/fewest {
		m.close()
		m.IsOn.Store(false)
	}
	return false
}

// Keep keeps the outcome for a key.
func (m *Memo) Keep(key string, o *Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed.Load() || !m.once[key] {
		return
	}
	delete(m.once, key)
	m.Outcomes.Store(key, o)
	m.kept++
	m.bytes += len(key)
	if m.kept >= mostOutcomes || m.bytes >= mostBytes {
		m.close()
	}
}

// close has nothing more kept. The caller has the lock.
func (m *Memo) close() {
	m.closed.Store(true)
	m.once = nil
}
