package cache

import (
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
