package zookeeper

import (
	"context"
	"sync"
)

// A mistake is a middleware that answers 503 to everything, and why.
type mistake struct {
	middleware string
	why        string
}

// A mistakeList has those that there are.
type mistakeList struct {
	mu      sync.Mutex
	present map[*mistake]bool
}

func newMistakeList() *mistakeList { return &mistakeList{present: map[*mistake]bool{}} }

// add keeps a mistake until its ctx is cancelled.
func (l *mistakeList) add(ctx context.Context, m *mistake) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.present[m] = true
	context.AfterFunc(ctx, func() { l.forget(m) })
}

func (l *mistakeList) forget(m *mistake) {
	insist("forgetting a mistake", func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.present, m)
	})
}

func (l *mistakeList) all() []*mistake {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*mistake
	for m := range l.present {
		all = append(all, m)
	}
	return all
}
