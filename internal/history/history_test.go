package history

import (
	"slices"
	"testing"
	"time"
)

func TestDurationsOnABoundCountBelowIt(t *testing.T) {
	for i, bound := range propagationBounds {
		if got := bucketOf(bound); got != i {
			t.Errorf("%s is in bucket %d, want %d", bound, got, i)
		}
		if got := bucketOf(bound + 1); got != i+1 {
			t.Errorf("%s is in bucket %d, want %d", bound+1, got, i+1)
		}
	}
	if got := bucketOf(-time.Second); got != 0 {
		t.Errorf("an event of the future is in bucket %d", got)
	}
}

func TestHistoryCountsWhatTookLongerThanAllBounds(t *testing.T) {
	h := New("main")
	h.Add([]*Change{{Path: "/a", Event: time.Now().Add(-time.Hour)}, {Path: "/b", Event: time.Now().Add(time.Minute)}})
	took := h.Propagation()
	if len(took.Counts) != len(took.Bounds)+1 || took.Counts[len(took.Bounds)] != 1 || took.Counts[0] != 1 {
		t.Errorf("counts %v", took.Counts)
	}
	if took.Total < 58*time.Minute || took.Total > 60*time.Minute {
		t.Errorf("%s in total", took.Total)
	}
	took.Counts[0] = 10
	if again := h.Propagation(); again.Counts[0] != 1 {
		t.Error("a report is the history's own list")
	}
}

func asItIs(path string) string { return path }

func TestHistoryKeepsTheLatestChanges(t *testing.T) {
	h := New("main")
	for version := range int32(keptChanges + 10) {
		h.Add([]*Change{{Version: version}})
	}
	changes := h.Latest(asItIs)
	if len(changes) != keptChanges || changes[0].Version != keptChanges+9 || changes[keptChanges-1].Version != 10 {
		t.Errorf("%d changes, from version %d to %d", len(changes), changes[0].Version, changes[len(changes)-1].Version)
	}
}

func TestHistoryKeepsTheLatestOfManyAtOnce(t *testing.T) {
	h := New("main")
	var many []*Change
	for version := range int32(3 * keptChanges) {
		many = append(many, &Change{Version: version})
	}
	h.Add(many)
	if changes := h.Latest(asItIs); len(changes) != keptChanges || changes[0].Version != 3*keptChanges-1 {
		t.Errorf("%d changes, the last one of version %d", len(changes), changes[0].Version)
	}
	if counts := h.PerMinute(time.Now()); counts[keptMinutes-1]+counts[keptMinutes-2] != 3*keptChanges {
		t.Errorf("counted %v", counts)
	}
}

func TestMinutesWithoutChangesAreZero(t *testing.T) {
	h := New("main")
	now := time.Date(2026, 1, 31, 12, 0, 30, 0, time.UTC)
	minute := now.Truncate(time.Minute)
	h.count(minute.Add(-keptMinutes*time.Minute), 1) // is past the hour
	h.count(minute.Add(-(keptMinutes-1)*time.Minute), 2)
	h.count(minute.Add(-2*time.Minute), 3)
	h.count(minute, 4)
	h.count(minute, 5)
	want := make([]int64, keptMinutes)
	want[0], want[keptMinutes-3], want[keptMinutes-1] = 2, 3, 9
	if got := h.PerMinute(now); !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if got := h.PerMinute(now.Add(2 * time.Hour)); slices.Max(got) != 0 {
		t.Errorf("two hours later: %v", got)
	}
	if got := h.PerMinute(now.Add(-time.Minute)); got[keptMinutes-2] != 3 || got[keptMinutes-1] != 0 {
		t.Errorf("with a clock that was put back: %v", got)
	}
}

func TestHistoryForgetsOldMinutes(t *testing.T) {
	h := New("main")
	start := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for i := range 2 * keptMinutes {
		h.count(start.Add(time.Duration(i)*time.Minute), 1)
	}
	if len(h.minutes) != keptMinutes {
		t.Errorf("%d minutes are kept", len(h.minutes))
	}
}
