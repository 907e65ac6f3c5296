package zookeeper

import (
	"sort"
	"sync"
	"time"
)

// A journal is what a pool remembers of the changes that it brought, for the
// status page.
type journal struct {
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
	heard   time.Time // when the event came
	at      time.Time // when the last request could get the version before
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

// bounds of the histogram of propagation
var propagationBounds = []time.Duration{
	500 * time.Microsecond, time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second,
}

func newJournal() *journal {
	return &journal{buckets: make([]int64, len(propagationBounds)+1)}
}

// changeOf is what is new of a node; p.mu is held.
func changeOf(n *node, before, after *content) *change {
	c := &change{path: n.path, kind: "changed", heard: n.asked}
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
func (j *journal) note(changes []*change) {
	now := time.Now()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range changes {
		c.at = now
		took := now.Sub(c.heard)
		j.buckets[bucketOf(took)]++
		j.total += took
	}
	j.latest = append(j.latest, changes...)
	if len(j.latest) > keptChanges {
		j.latest = append([]*change{}, j.latest[len(j.latest)-keptChanges:]...)
	}
	j.count(now.Truncate(time.Minute), int64(len(changes)))
}

func bucketOf(took time.Duration) int {
	return sort.Search(len(propagationBounds), func(i int) bool { return took <= propagationBounds[i] })
}

func (j *journal) count(start time.Time, changes int64) {
	last := len(j.minutes) - 1
	if last >= 0 && j.minutes[last].start.Equal(start) {
		j.minutes[last].count += changes
		return
	}
	j.minutes = append(j.minutes, &minute{start: start, count: changes})
	if len(j.minutes) > keptMinutes {
		j.minutes = j.minutes[1:]
	}
}

// perMinute is how many changes each of the last minutes had, the present one last.
func (j *journal) perMinute(now time.Time) []int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	counts := make([]int64, keptMinutes)
	for _, m := range j.minutes {
		ago := int(now.Truncate(time.Minute).Sub(m.start) / time.Minute)
		if ago >= 0 && ago < keptMinutes {
			counts[keptMinutes-1-ago] = m.count
		}
	}
	return counts
}

// propagation is the histogram, with the sum of all that was measured.
func (j *journal) propagation() ([]int64, time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]int64{}, j.buckets...), j.total
}

// changes are the latest ones, the last one first.
func (j *journal) changes() []*change {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []*change
	for i := len(j.latest) - 1; i >= 0; i-- {
		all = append(all, j.latest[i])
	}
	return all
}
