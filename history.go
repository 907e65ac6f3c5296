package zookeeper

import (
	"sort"
	"sync"
	"time"
)

// A history is what a cluster's cache remembers of the changes that it brought.
type history struct {
	mu      sync.Mutex
	latest  []*change // the oldest first
	minutes []*minute // likewise; those without a change are left out
	buckets []int64   // changes by how long they took: up to each of the bounds, and longer
	total   time.Duration
}

// A change is a new version of a node.
type change struct {
	path    string // with the chroot
	kind    string
	version int32
	event   time.Time // when the event came
	served  time.Time // from then on, every request gets the new version
}

// A changeReport is a change as it is told to others.
type changeReport struct {
	Path    string // without the chroot
	Kind    string
	Version int32
	Served  time.Time
	Took    time.Duration // from the event until it was served
}

// A propagationReport counts changes by how long they took.
type propagationReport struct {
	Bounds []time.Duration
	Counts []int64 // up to each of the bounds, and in the end those beyond all of them
	Total  time.Duration
}

// A minute counts the changes of one.
type minute struct {
	start time.Time
	count int64
}

const (
	keptChanges = 50
	keptMinutes = 60
)

// propagationBounds are those of the histogram.
var propagationBounds = []time.Duration{
	500 * time.Microsecond, time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second,
}

func newHistory() *history {
	return &history{buckets: make([]int64, len(propagationBounds)+1)}
}

// changeOf is what is new of a node.
func changeOf(n *node, before, after *content) *change {
	c := &change{path: n.path, kind: "changed", event: n.asked}
	switch {
	case !after.exists:
		c.kind = "deleted"
	case !before.exists:
		c.kind = "created"
	}
	if after.stat != nil {
		c.version = after.stat.Version
	}
	return c
}

// note takes changes that every request gets from now on.
func (h *history) note(changes []*change) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range changes {
		c.served = now
		took := now.Sub(c.event)
		h.buckets[bucketOf(took)]++
		h.total += took
	}
	h.latest = append(h.latest, changes...)
	if len(h.latest) > keptChanges {
		h.latest = append([]*change{}, h.latest[len(h.latest)-keptChanges:]...)
	}
	h.count(now.Truncate(time.Minute), int64(len(changes)))
}

func bucketOf(took time.Duration) int {
	return sort.Search(len(propagationBounds), func(i int) bool { return took <= propagationBounds[i] })
}

func (h *history) count(start time.Time, changes int64) {
	last := len(h.minutes) - 1
	if last >= 0 && h.minutes[last].start.Equal(start) {
		h.minutes[last].count += changes
		return
	}
	h.minutes = append(h.minutes, &minute{start: start, count: changes})
	if len(h.minutes) > keptMinutes {
		h.minutes = h.minutes[1:]
	}
}

// perMinute is how many changes each of the last minutes had, the present one last.
func (h *history) perMinute(now time.Time) []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	counts := make([]int64, keptMinutes)
	for _, m := range h.minutes {
		ago := int(now.Truncate(time.Minute).Sub(m.start) / time.Minute)
		if ago >= 0 && ago < keptMinutes {
			counts[keptMinutes-1-ago] = m.count
		}
	}
	return counts
}

func (h *history) propagation() *propagationReport {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &propagationReport{Bounds: propagationBounds, Counts: append([]int64{}, h.buckets...), Total: h.total}
}

// changes are the latest ones, the last one first.
func (h *history) changes() []*change {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*change
	for i := len(h.latest) - 1; i >= 0; i-- {
		all = append(all, h.latest[i])
	}
	return all
}
