package cache

import (
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// emptySubtree is a subtree of a cache without a client, and without nodes.
func emptySubtree() *Subtree {
	c := New(session.New("empty", &ensemble.Settings{}))
	return newSubtree(c, &Target{Format: value.FormatText, Pattern: &value.Pattern{Text: "/a/{x}", Root: "/a", Levels: make([]value.Level, 1), Limit: 5}})
}

// The highest limit of all users counts. That it has risen is told once.
func TestLimitOfASubtree(t *testing.T) {
	tree := emptySubtree()
	low, high := &subtreeUser{limit: 5}, &subtreeUser{limit: 10}
	if !addUser(tree, low) || addUser(tree, &subtreeUser{limit: 3}) || !addUser(tree, high) || tree.limit.Load() != 10 {
		t.Errorf("the limit is %d", tree.limit.Load())
	}
	if removeUser(tree, high) || tree.limit.Load() != 5 {
		t.Errorf("without the highest it is %d", tree.limit.Load())
	}
	for user := range tree.users {
		if last := len(tree.users) == 1; removeUser(tree, user) != last {
			t.Error("who is the last one isn't told")
		}
	}
}

func TestUsersOfASubtreeAreToldOnce(t *testing.T) {
	l := &session.Listener{}
	tree := &Subtree{users: map[*subtreeUser]bool{{listener: l}: true, {listener: l}: true, {listener: &session.Listener{}}: true}}
	if got := listenersOf(tree); len(got) != 2 {
		t.Errorf("%d are told", len(got))
	}
}

// There is room for as many values as the limit says, and for as many nodes on the way
// as so many values need.
func TestRoomInASubtree(t *testing.T) {
	tree := &Subtree{pattern: &value.Pattern{Levels: make([]value.Level, 3)}, parents: map[string]*parent{"/": {}}}
	tree.limit.Store(5)
	if values, parents := roomFor(tree, true), roomFor(tree, false); values != 5 || parents != 10 {
		t.Errorf("room for %d values and %d parents", values, parents)
	}
	tree.leaves = 4
	tree.parents["/a"] = &parent{}
	if values, parents := roomFor(tree, true), roomFor(tree, false); values != 1 || parents != 9 {
		t.Errorf("with some there, room for %d values and %d parents", values, parents)
	}
	tree.leaves = 7 // since the limit has fallen
	if values := roomFor(tree, true); values != 0 {
		t.Errorf("beyond the limit, room for %d", values)
	}
}
