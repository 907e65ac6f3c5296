package cache

import (
	"fmt"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// unreachable is a session at whose server nobody answers.
func unreachable(t *testing.T) *session.Session {
	s := session.New("unreachable", &ensemble.Settings{Servers: []string{"127.0.0.1:1"}, SessionTimeout: time.Minute})
	t.Cleanup(s.Close)
	return s
}

// subscribed is a subtree that reads texts in an unreachable session. How often its user is
// told is counted.
func subscribed(t *testing.T, pattern *value.Pattern) (*Subtree, *int) {
	t.Helper()
	calls := 0
	l := &session.Listener{What: "test", Changed: func() { calls++ }}
	sub := Subscribe(New(unreachable(t)), l, &Target{Pattern: pattern, Format: value.FormatText})
	readAll(sub.tree)
	done := make(chan struct{})
	sub.tree.serial.Post(func() { close(done) })
	<-done
	return sub.tree, &calls
}

// oneLevel means all children of /a that begin with flag-.
func oneLevel(limit int) *value.Pattern {
	return &value.Pattern{Text: "/a/flag-{x}", Root: "/a", Levels: []value.Level{{Prefix: "flag-"}}, Limit: limit}
}

// twoLevels means a node with a fixed name below each child of each child of /a.
func twoLevels(limit int) *value.Pattern {
	return &value.Pattern{Text: "/a/{x}/{y}/on", Root: "/a", Levels: []value.Level{{}, {Tail: "/on"}}, Limit: limit}
}

var lastNumber int64

// newer has a content count as newer than all before.
func newer(c *value.Content) *value.Content {
	lastNumber++
	c.Number = lastNumber
	c.Version = lastNumber
	c.Exists = true
	return c
}

func receiveNames(tree *Subtree, path string, names ...string) {
	receive(tree, &store.Batch{Paths: []string{path}, Children: true, Contents: []*value.Content{newer(&value.Content{Children: names, Stat: &zk.Stat{}})}})
}

func receiveText(tree *Subtree, path, text string) {
	receive(tree, &store.Batch{Paths: []string{path}, Contents: []*value.Content{newer(&value.Content{Data: []byte(text)})}})
}

// leavesOf are the paths of the nodes with values.
func leavesOf(tree *Subtree) []string {
	var paths []string
	tree.values.Range(func(path, _ any) bool {
		paths = append(paths, path.(string))
		return true
	})
	sort.Strings(paths)
	return paths
}

func wantLeaves(t *testing.T, tree *Subtree, want ...string) {
	t.Helper()
	if got := leavesOf(tree); !slices.Equal(got, want) || tree.leaves != len(want) {
		t.Errorf("%q, %d counted; want %q", got, tree.leaves, want)
	}
}

// The children that match belong to the subtree, those that went don't any more.
func TestChildrenThatMatch(t *testing.T) {
	tree, _ := subscribed(t, oneLevel(10))
	receiveNames(tree, "/a", "flag-1", "other", "flag-2")
	wantLeaves(t, tree, "/a/flag-1", "/a/flag-2")
	receiveNames(tree, "/a", "flag-2", "flag-3")
	wantLeaves(t, tree, "/a/flag-2", "/a/flag-3")
	old := &value.Content{Exists: true, Children: []string{"flag-9"}, Number: 1}
	receive(tree, &store.Batch{Paths: []string{"/a"}, Children: true, Contents: []*value.Content{old}})
	wantLeaves(t, tree, "/a/flag-2", "/a/flag-3")
}

func TestSeveralLevels(t *testing.T) {
	tree, _ := subscribed(t, twoLevels(10))
	receiveNames(tree, "/a", "x", "y")
	receiveNames(tree, "/a/x", "1", "2")
	receiveNames(tree, "/a/y", "3")
	wantLeaves(t, tree, "/a/x/1/on", "/a/x/2/on", "/a/y/3/on")
	receiveNames(tree, "/a", "y")
	wantLeaves(t, tree, "/a/y/3/on")
	if len(tree.parents) != 2 || tree.parents["/a/x"] != nil {
		t.Errorf("%d parents", len(tree.parents))
	}
}

// There are no more nodes than the limit says. When some go, others come in their place once
// the lists are read again.
func TestMoreNodesThanTheLimit(t *testing.T) {
	tree, _ := subscribed(t, oneLevel(2))
	receiveNames(tree, "/a", "flag-1", "flag-2", "flag-3")
	wantLeaves(t, tree, "/a/flag-1", "/a/flag-2")
	if !tree.lacksValues {
		t.Error("it doesn't lack any")
	}
	receiveNames(tree, "/a", "flag-2", "flag-3")
	wantLeaves(t, tree, "/a/flag-2", "/a/flag-3")
	receiveNames(tree, "/a", "flag-3")
	if tree.lacksValues {
		t.Error("it still lacks some, and has room")
	}
}

// What a recursive watch tells of one node is as good as a list. A list that is being read may
// be older, so it is waited for.
func TestNodesThatComeAndGo(t *testing.T) {
	tree, _ := subscribed(t, oneLevel(10))
	noteCreated(tree, "/a/flag-1")
	wantLeaves(t, tree)
	tree = newSubtree(New(unreachable(t)), &Target{Pattern: oneLevel(10), Format: value.FormatText})
	tree.limit.Store(10)
	tree.parents["/a"] = &parent{path: "/a", loaded: true, names: map[string]bool{}} // which isn't being read
	noteCreated(tree, "/a/flag-1")
	noteCreated(tree, "/a/other")
	noteCreated(tree, "/b/flag-2")
	wantLeaves(t, tree, "/a/flag-1")
	noteDeleted(tree, "/a/other")
	wantLeaves(t, tree, "/a/flag-1")
	noteDeleted(tree, "/a/flag-1")
	wantLeaves(t, tree)
}

// A subtree is complete once all nodes are read, and tells its users then.
func TestSubtreeIsComplete(t *testing.T) {
	tree, calls := subscribed(t, oneLevel(10))
	if tree.Loaded() || isComplete(tree) {
		t.Error("it is complete before anything is read")
	}
	receiveNames(tree, "/a", "flag-1", "flag-2")
	receiveText(tree, "/a/flag-1", "on")
	if tree.Loaded() {
		t.Error("it is complete with one of two")
	}
	before := *calls
	receiveText(tree, "/a/flag-2", "off")
	if !tree.Loaded() || !isComplete(tree) || *calls != before+1 {
		t.Errorf("complete: %t, told %d times", tree.Loaded(), *calls-before)
	}
	receiveText(tree, "/a/flag-2", "on")
	if *calls != before+1 {
		t.Error("its users are told of a value that requests look up themselves")
	}
	noteReady(tree)
	isComplete(tree)
	receiveNames(tree, "/a", "flag-1", "flag-2", "flag-3")
	if !tree.Loaded() || isComplete(tree) {
		t.Error("with a new node it is complete")
	}
	before = *calls
	receiveText(tree, "/a/flag-3", "on")
	if *calls != before+1 {
		t.Errorf("who waits for it is told %d times", *calls-before)
	}
}

// The latest value that can be used counts, whatever comes late.
func TestValuesOfASubtree(t *testing.T) {
	tree, _ := subscribed(t, oneLevel(10))
	receiveNames(tree, "/a", "flag-1")
	if e := EntryFor(tree, "/a/flag-1"); e == nil || e.Loaded {
		t.Errorf("before it is read: %+v", e)
	}
	late := newer(&value.Content{Data: []byte("late")})
	receiveText(tree, "/a/flag-1", "new")
	receive(tree, &store.Batch{Paths: []string{"/a/flag-1"}, Contents: []*value.Content{late}})
	if e := EntryFor(tree, "/a/flag-1"); e.Value != "new" || !e.Loaded || e.Refused {
		t.Errorf("%+v", e)
	}
	receiveText(tree, "/a/flag-1", "\xff")
	if e := EntryFor(tree, "/a/flag-1"); e.Value != "new" || !e.Refused {
		t.Errorf("with a version that can't be used: %+v", e)
	}
	if got := fmt.Sprint(refusedInTrees(tree.cache)); got != "map[/a/flag-1:true] 0" {
		t.Error(got)
	}
	receiveText(tree, "/a/flag-2", "nobody's")
	if e := EntryFor(tree, "/a/flag-2"); e != nil {
		t.Errorf("%+v", e)
	}
}

// All who read a pattern in one way share a subtree, which goes with the last one. What it
// knows stays, for requests that are under way.
func TestSubtreesAreShared(t *testing.T) {
	c, l := New(unreachable(t)), &session.Listener{What: "test", Changed: func() {}}
	first := Subscribe(c, l, &Target{Pattern: oneLevel(10), Format: value.FormatText})
	second := Subscribe(c, l, &Target{Pattern: oneLevel(20), Format: value.FormatText})
	other := Subscribe(c, l, &Target{Pattern: oneLevel(10), Format: value.FormatJSON})
	if first.tree != second.tree || first.tree == other.tree || first.tree.limit.Load() != 20 {
		t.Errorf("shared: %t; the limit is %d", first.tree == second.tree, first.tree.limit.Load())
	}
	readAll(first.tree)
	receiveNames(first.tree, "/a", "flag-1")
	receiveText(first.tree, "/a/flag-1", "on")
	second.Cancel()
	if first.tree.closed.Load() {
		t.Error("it is closed while somebody uses it")
	}
	first.Cancel()
	if !first.tree.closed.Load() || len(c.trees) != 1 || EntryFor(first.tree, "/a/flag-1").Value != "on" {
		t.Errorf("closed: %t, %d subtrees", first.tree.closed.Load(), len(c.trees))
	}
}
