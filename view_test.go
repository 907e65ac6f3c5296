package zookeeper

import (
	"errors"
	"testing"
)

// A version that can't be used leaves the last good value in its place, and is counted
// once, however often it is read.
func TestRefusedVersions(t *testing.T) {
	all, n, v := emptyCache().nodes, &node{path: "/a"}, &view{format: formatJSON, key: "k"}
	bad := errors.New("is not JSON")
	for _, c := range []struct {
		what    string
		content *content
		reading *reading
		value   any
		refused bool
		count   int64
		problem string
	}{
		{"good", &content{number: 1, version: 10}, &reading{value: "a"}, "a", false, 0, ""},
		{"bad", &content{number: 2, version: 20}, &reading{refused: bad}, "a", true, 1, "refused as json k: it is not JSON"},
		{"the same, read again", &content{number: 3, version: 20}, &reading{refused: bad}, "a", true, 1, "refused as json k: it is not JSON"},
		{"bad again", &content{number: 4, version: 30}, &reading{refused: bad}, "a", true, 2, "refused as json k: it is not JSON"},
		{"an older one, read slowly", &content{number: 1, version: 10}, &reading{value: "old"}, "a", true, 2, "refused as json k: it is not JSON"},
		{"good again", &content{number: 5, version: 40}, &reading{value: "b"}, "b", false, 2, "refused as json k: it is not JSON"},
		{"gone", &content{number: 6}, &reading{}, nil, false, 2, "refused as json k: it is not JSON"},
	} {
		accept(all, n, v, c.content, c.reading)
		if v.value != c.value || v.refused != c.refused || all.refused.Load() != c.count || n.problem != c.problem || !v.loaded {
			t.Errorf("%s: value %v, refused %t, %d refused, problem %q", c.what, v.value, v.refused, all.refused.Load(), n.problem)
		}
	}
}

// What a problem quotes of a value is left out where values are hidden.
func TestProblemWithoutItsReason(t *testing.T) {
	if got := withoutReason(refusedAs(formatJSON, "k", errors.New(`has "secret"`))); got != "refused as json k" {
		t.Error(got)
	}
	if got := withoutReason("zk: no connection"); got != "zk: no connection" {
		t.Error(got)
	}
}

// All who read a node in one way share a view. One that comes later is given what is
// known already.
func TestViewsAreShared(t *testing.T) {
	c, n := emptyCache(), &node{path: "/a"}
	first := viewOf(c, c.nodes, n, formatText, "")
	if viewOf(c, c.nodes, n, formatText, "") != first || viewOf(c, c.nodes, n, formatJSON, "a") == first || viewOf(c, c.nodes, n, formatJSON, "b") == viewOf(c, c.nodes, n, formatJSON, "a") {
		t.Error("views aren't shared as they should be")
	}
	if first.loaded || len(n.views) != 3 {
		t.Errorf("%d views; loaded: %t", len(n.views), first.loaded)
	}
	known := &node{path: "/b", content: &content{exists: true, data: []byte("known"), number: 1}}
	if later := viewOf(c, c.nodes, known, formatText, ""); !later.loaded || later.value != "known" {
		t.Errorf("the one that comes later has %v", later.value)
	}
}

// Who uses several views of a node is told once.
func TestUsersAreToldOnce(t *testing.T) {
	both, one := &listener{}, &listener{}
	users := usersOf([]*view{{users: map[*listener]int{both: 1}}, {users: map[*listener]int{both: 2, one: 1}}})
	seen := map[*listener]int{}
	for _, user := range users {
		seen[user]++
	}
	if len(users) != 2 || seen[both] != 1 || seen[one] != 1 {
		t.Errorf("%v", seen)
	}
}
