package cache

import (
	"fmt"
	"sort"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A deep pattern means the nodes below those that it finds, too. Who wants to know is told of
// each that comes, changes or goes.
func TestDeepPattern(t *testing.T) {
	var noted []string
	l := &session.Listener{What: "test", Changed: func() {}}
	sub := Subscribe(New(unreachable(t)), l, &Target{Pattern: value.Below("/a", 10), Format: value.FormatText, Noted: func(path string) { noted = append(noted, path) }})
	tree := sub.tree
	readAll(tree)
	told := func(want ...string) {
		t.Helper()
		sort.Strings(noted)
		if fmt.Sprint(noted) != fmt.Sprint(want) {
			t.Errorf("told of %v, want %v", noted, want)
		}
		noted = nil
	}
	receiveNames(tree, "/a", "b")
	receiveNames(tree, "/a/b", "c")
	receiveNames(tree, "/a/b/c")
	wantLeaves(t, tree, "/a/b", "/a/b/c")
	if tree.Loaded() {
		t.Error("it is loaded without any values")
	}
	receiveText(tree, "/a/b", "1")
	receiveText(tree, "/a/b/c", "2")
	if !tree.Loaded() {
		t.Error("it isn't loaded")
	}
	told("/a/b", "/a/b/c")
	receiveText(tree, "/a/b/c", "3")
	told("/a/b/c")
	receiveNames(tree, "/a/b")
	wantLeaves(t, tree, "/a/b")
	told("/a/b/c")
	receiveNames(tree, "/a/b", "c", "d")
	receiveNames(tree, "/a")
	wantLeaves(t, tree)
	told("/a/b", "/a/b/c", "/a/b/d")
	if len(tree.parents) != 1 || tree.leaves != 0 || tree.missing.Load() != 0 {
		t.Errorf("%d parents, %d leaves, %d missing", len(tree.parents), tree.leaves, tree.missing.Load())
	}
}

func TestDeepPatternHasALimit(t *testing.T) {
	tree, _ := subscribed(t, value.Below("/a", 3))
	receiveNames(tree, "/a", "b", "c")
	receiveNames(tree, "/a/b", "d", "e")
	if tree.leaves != 3 || !tree.lacksValues {
		t.Errorf("%d leaves", tree.leaves)
	}
}
