// Package history remembers the changes of a cluster's nodes: the latest ones, how many there
// were in each minute, and how long they took to be served.
package history

import (
	"sort"
	"sync"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A History has the changes of one cluster's nodes. Its methods may be called from any
// goroutine.
type History struct {
	cluster string

	mu      sync.Mutex
	latest  []*Change // the oldest first
	minutes []*minute // the oldest first; those without a change are left out
	buckets []int64   // changes by how long they took: up to each of the bounds, and longer
	total   time.Duration
}

// A Change is a new version of a node.
type Change struct {
	Path     string // with the chroot
	Own      bool   // the configuration has this path
	Template string // one that means the node, without the chroot; empty for none
	Kind     string // created, changed or deleted
	Version  int32
	Event    time.Time // when the event came
	Served   time.Time // from then on, every request gets the new version
}

// A ChangeReport is a change as others are told of it.
type ChangeReport struct {
	Path     string // without the chroot
	Own      bool   // the configuration has this path
	Template string // one that means the node; empty for none
	Kind     string // created, changed or deleted
	Version  int32
	Served   time.Time
	Took     time.Duration // from the event until it was served
}

// A Propagation counts changes by how long they took.
type Propagation struct {
	Bounds []time.Duration
	Counts []int64 // up to each of the bounds, and in the end those beyond all of them
	Total  time.Duration
}

// A minute is how many changes there were in one minute.
type minute struct {
	start time.Time
	count int64
}

const (
	keptChanges = 50
	keptMinutes = 60
)

// propagationBounds are the upper bounds of the histogram's buckets.
var propagationBounds = []time.Duration{
	500 * time.Microsecond, time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second,
}

// New is a history without changes of a cluster of that name.
func New(cluster string) *History {
	return &History{cluster: cluster, buckets: make([]int64, len(propagationBounds)+1)}
}

// ChangeBetween is how one content has become another one. The caller says of which node.
func ChangeBetween(before, after *value.Content) *Change {
	c := &Change{Kind: "changed"}
	switch {
	case !after.Exists:
		c.Kind = "deleted"
	case !before.Exists:
		c.Kind = "created"
	}
	if after.Stat != nil {
		c.Version = after.Stat.Version
	}
	return c
}

// Add adds changes that every request gets from now on, sets when they were served, and logs
// them where that is wanted.
func (h *History) Add(changes []*Change) {
	h.add(changes, time.Now())
	if log.IsLogged(log.LevelDebug) {
		h.log(changes)
	}
}

func (h *History) add(changes []*Change, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range changes {
		c.Served = now
		took := now.Sub(c.Event)
		h.buckets[bucketOf(took)]++
		h.total += took
	}
	h.latest = append(h.latest, changes...)
	if len(h.latest) > keptChanges {
		h.latest = append([]*Change{}, h.latest[len(h.latest)-keptChanges:]...)
	}
	h.count(now.Truncate(time.Minute), int64(len(changes)))
}

func (h *History) log(changes []*Change) {
	for _, c := range changes {
		log.Cluster(log.LevelDebug, h.cluster, "%s %s, version %d, served after %s", c.Path, c.Kind, c.Version, c.Served.Sub(c.Event))
	}
}

// bucketOf is the bucket that counts changes that took so long.
func bucketOf(took time.Duration) int {
	return sort.Search(len(propagationBounds), func(i int) bool { return took <= propagationBounds[i] })
}

// count adds changes to the minute that begins at start. It is called with the lock held.
func (h *History) count(start time.Time, changes int64) {
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

// PerMinute is how many changes there were in each of the last sixty minutes, the present one
// last.
func (h *History) PerMinute(now time.Time) []int64 {
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

// Propagation is how long all changes took.
func (h *History) Propagation() *Propagation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &Propagation{Bounds: propagationBounds, Counts: append([]int64{}, h.buckets...), Total: h.total}
}

// Latest are the latest changes, the last one first. Their paths go through relative.
func (h *History) Latest(relative func(path string) string) []*ChangeReport {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*ChangeReport
	for i := len(h.latest) - 1; i >= 0; i-- {
		c := h.latest[i]
		all = append(all, &ChangeReport{Path: relative(c.Path), Own: c.Own, Template: c.Template, Kind: c.Kind, Version: c.Version, Served: c.Served, Took: c.Served.Sub(c.Event)})
	}
	return all
}
