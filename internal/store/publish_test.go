package store

import (
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A new version is a change, for the history. The first one that is read is none, nor is one
// that was read again.
func TestWhatCountsAsAChange(t *testing.T) {
	st := emptyStore()
	n := viewed(st, "/a")
	for _, c := range []struct {
		fresh *value.Content
		kind  string
		count int
	}{
		{&value.Content{Exists: true, Version: 1, Stat: &zk.Stat{}}, "", 0},
		{&value.Content{Exists: true, Version: 1, Stat: &zk.Stat{}}, "", 0},
		{&value.Content{Exists: true, Version: 2, Stat: &zk.Stat{Version: 5}}, "changed", 1},
		{&value.Content{}, "deleted", 2},
		{&value.Content{Exists: true, Version: 3, Stat: &zk.Stat{}}, "created", 3},
	} {
		deliver(st, n, []*value.Content{c.fresh})
		changes := ReportOf(st, &NodeSelection{}, map[string]bool{}).Changes
		if len(changes) != c.count || c.count > 0 && (changes[0].Kind != c.kind || changes[0].Path != "/a") {
			t.Errorf("%+v: %d changes, want %d, the last one %s", c.fresh, len(changes), c.count, c.kind)
		}
	}
}

// A sink gets what was read of several nodes at once. Each listener is told once.
func TestWhoIsToldOfWhatWasRead(t *testing.T) {
	st := emptyStore()
	calls, batches := 0, []*Batch{}
	l := &session.Listener{What: "test", Changed: func() { calls++ }}
	sink := &Sink{Receive: func(b *Batch) { batches = append(batches, b) }}
	nodes := inStore(st, []string{"/a", "/b"}, func(n *node) {
		n.sinks = []*Sink{sink}
		n.views = []*view{{format: value.FormatText, text: &published.Text{}, users: map[*session.Listener]int{l: 1}}}
	})
	deliver(st, nodes, []*value.Content{{Exists: true, Data: []byte("1")}, {Exists: true, Data: []byte("2")}})
	if calls != 1 || nodes[0].views[0].value != "1" || nodes[1].views[0].value != "2" {
		t.Errorf("told %d times; the values are %v and %v", calls, nodes[0].views[0].value, nodes[1].views[0].value)
	}
	if len(batches) != 1 || len(batches[0].Paths) != 2 || batches[0].Paths[1] != "/b" || batches[0].Contents[1] != nodes[1].content {
		t.Errorf("the sink gets %v", batches)
	}
	if nodes[0].content.Number >= nodes[1].content.Number || nodes[1].content.Number != st.nodes.latest {
		t.Error("contents aren't numbered in their order")
	}
}
