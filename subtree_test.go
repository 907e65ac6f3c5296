package zookeeper

import "testing"

// The highest limit of all users counts. That it has risen is told once.
func TestLimitOfASubtree(t *testing.T) {
	tree := &subtree{cache: emptyCache(), sink: &sink{users: map[*treeUser]bool{}}}
	low, high := &treeUser{limit: 5}, &treeUser{limit: 10}
	if !addUser(tree, low) || addUser(tree, &treeUser{limit: 3}) || !addUser(tree, high) || tree.limit.Load() != 10 {
		t.Errorf("the limit is %d", tree.limit.Load())
	}
	if removeUser(tree, high) || tree.limit.Load() != 5 {
		t.Errorf("without the highest it is %d", tree.limit.Load())
	}
	for user := range tree.sink.users {
		if last := len(tree.sink.users) == 1; removeUser(tree, user) != last {
			t.Error("who is the last one isn't told")
		}
	}
}

// There is room for as many values as the limit says, and for as many nodes on the way
// as so many values need.
func TestRoomInASubtree(t *testing.T) {
	tree := &subtree{pattern: &pattern{levels: make([]level, 3)}, parents: map[string]*parent{"/": {}}}
	tree.limit.Store(5)
	if values, parents := tree.room(true), tree.room(false); values != 5 || parents != 10 {
		t.Errorf("room for %d values and %d parents", values, parents)
	}
	tree.leaves = 4
	tree.parents["/a"] = &parent{}
	if values, parents := tree.room(true), tree.room(false); values != 1 || parents != 9 {
		t.Errorf("with some there, room for %d values and %d parents", values, parents)
	}
	tree.leaves = 7 // since the limit has fallen
	if values := tree.room(true); values != 0 {
		t.Errorf("beyond the limit, room for %d", values)
	}
}

func TestUsersOfASubtreeAreToldOnce(t *testing.T) {
	l := &listener{}
	of := &sink{users: map[*treeUser]bool{{listener: l}: true, {listener: l}: true, {listener: &listener{}}: true}}
	if got := listenersOf(of); len(got) != 2 {
		t.Errorf("%d are told", len(got))
	}
}
