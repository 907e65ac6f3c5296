package cache

import (
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// What a user reads in place of a subtree is what its nodes have now. When a node gives no line,
// that user's lines end, and only that user's.
func TestLinesAreThoseOfNow(t *testing.T) {
	c := New(unreachable(t))
	subscribe := func() *Subscription {
		return Subscribe(c, &session.Listener{What: "test", Changed: func() {}}, &Target{Pattern: oneLevel(10), Format: value.FormatText})
	}
	one, other := subscribe(), subscribe()
	readAll(one.tree)
	receiveNames(one.tree, "/a", "flag-1", "flag-2")
	receiveText(one.tree, "/a/flag-1", "first")
	receiveText(one.tree, "/a/flag-2", "second")
	drops := map[string]int{}
	reading := func(name string) *Reading {
		return &Reading{
			Drop: func() { drops[name]++ },
			Render: func(e *Entry) string {
				if e == nil || !e.Loaded {
					return map[string]string{"one": "missing"}[name]
				}
				return e.Value.(string)
			},
		}
	}
	shown := func(lines *atomic.Value) string { return (*lines.Load().(*[]string))[0] }
	first, same := ReadInPlace(one, "/a/flag-1", reading("one")), ReadInPlace(one, "/a/flag-1", reading("one"))
	others := ReadInPlace(other, "/a/flag-1", reading("other"))
	missing := ReadInPlace(one, "/a/flag-3", reading("one"))
	if first != same || first == others || shown(first) != "first" || shown(missing) != "missing" || ReadInPlace(other, "/a/flag-3", reading("other")) != nil {
		t.Errorf("%p, %p, %p; %s, %s", first, same, others, shown(first), shown(missing))
	}
	receiveText(one.tree, "/a/flag-1", "changed")
	receiveNames(one.tree, "/a", "flag-1", "flag-2", "flag-3")
	receiveText(one.tree, "/a/flag-3", "third")
	if shown(first) != "changed" || shown(others) != "changed" || shown(missing) != "third" {
		t.Errorf("%s, %s, %s", shown(first), shown(others), shown(missing))
	}
	receiveNames(one.tree, "/a", "flag-2", "flag-3")
	if shown(first) != "missing" || drops["one"] != 0 || drops["other"] != 1 || len(one.tree.lines) != 2 {
		t.Errorf("after a node has gone, %s; %v were dropped, %d are there", shown(first), drops, len(one.tree.lines))
	}
	one.Cancel()
	if len(other.tree.lines) != 0 || ReadInPlace(one, "/a/flag-2", reading("one")) != nil {
		t.Errorf("%d lines outlive their user", len(other.tree.lines))
	}
}

// inPlace is a user of a subtree whose root has these names, and the reading of whoever shows all
// nodes that are there. The function returns how often that was dropped.
func inPlace(t *testing.T, names ...string) (*Subscription, *Reading, func() int) {
	t.Helper()
	s := Subscribe(New(unreachable(t)), &session.Listener{What: "test", Changed: func() {}}, &Target{Pattern: oneLevel(10), Format: value.FormatText})
	readAll(s.tree)
	receiveNames(s.tree, "/a", names...)
	dropped := 0
	render := func(e *Entry) string {
		if e == nil {
			return ""
		}
		return "there"
	}
	return s, &Reading{Render: render, Drop: func() { dropped++ }}, func() int { return dropped }
}

// When a node goes, its own line ends and no other, however many there are: nobody waits for what
// all of them would take.
func TestOtherLinesStayReady(t *testing.T) {
	s, reading, dropped := inPlace(t, "flag-1", "flag-2")
	gone, stays := ReadInPlace(s, "/a/flag-1", reading), ReadInPlace(s, "/a/flag-2", reading)
	receiveNames(s.tree, "/a", "flag-2")
	if dropped() != 1 || len(s.tree.lines) != 1 || len(s.user.lines) != 1 || ReadInPlace(s, "/a/flag-2", reading) != stays {
		t.Errorf("%d were dropped, and %v, %v are there", dropped(), s.tree.lines, s.user.lines)
	}
	receiveNames(s.tree, "/a", "flag-1", "flag-2")
	if again := ReadInPlace(s, "/a/flag-1", reading); again == nil || again == gone {
		t.Errorf("the node that comes again has %p after %p", again, gone)
	}
}

// However many nodes requests ask for, so many lines are there and no more.
func TestLinesAreBounded(t *testing.T) {
	s, reading, dropped := inPlace(t)
	reading.Render = func(*Entry) string { return "missing" }
	for i := range 2*mostLines + 2 {
		ReadInPlace(s, "/a/"+strconv.Itoa(i), reading)
		if len(s.tree.lines) > mostLines || len(s.user.lines) != len(s.tree.lines) {
			t.Fatalf("%d lines, %d of the user", len(s.tree.lines), len(s.user.lines))
		}
	}
	if dropped() != 2 {
		t.Errorf("%d times, the user began anew", dropped())
	}
}

// A request doesn't wait for those who work on the subtree.
func TestReadingInPlaceWaitsForNobody(t *testing.T) {
	s, reading, _ := inPlace(t, "flag-1")
	s.tree.mu.Lock()
	if ReadInPlace(s, "/a/flag-1", reading) != nil || EndReadingInPlace(s) {
		t.Error("lines change while somebody works on the subtree")
	}
	s.tree.mu.Unlock()
	if ReadInPlace(s, "/a/flag-1", reading) == nil || !EndReadingInPlace(s) || len(s.tree.lines) != 0 {
		t.Error("lines don't change afterwards")
	}
}
