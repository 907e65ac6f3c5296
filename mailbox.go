package zookeeper

import "sync"

// A mailbox runs what is posted to it one after the other, in a goroutine that
// is there only while something waits. Posting never blocks.
type mailbox struct {
	what    string // for the log
	insists bool   // on what panics

	mu      sync.Mutex
	waiting []func()
	busy    bool
}

func (m *mailbox) post(work func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = append(m.waiting, work)
	if !m.busy {
		m.busy = true
		go m.work()
	}
}

func (m *mailbox) work() {
	for {
		work := m.next()
		if work == nil {
			return
		}
		if m.insists {
			insist(m.what, work)
		} else {
			guarded(m.what, work)
		}
	}
}

func (m *mailbox) next() func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.waiting) == 0 {
		m.busy = false
		return nil
	}
	work := m.waiting[0]
	m.waiting[0] = nil // the list would keep it
	m.waiting = m.waiting[1:]
	return work
}
