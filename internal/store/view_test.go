package store

import (
	"errors"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A version that can't be used leaves the last good value in its place, and is counted
// once, however often it is read.
func TestRefusedVersions(t *testing.T) {
	all, n, v := emptyStore().nodes, &node{path: "/a"}, &view{format: value.FormatJSON, key: "k", text: &published.Text{}}
	bad := errors.New("is not JSON")
	for _, c := range []struct {
		what    string
		content *value.Content
		reading *value.Reading
		value   any
		refused bool
		count   int64
		problem string
	}{
		{"good", &value.Content{Number: 1, Version: 10}, &value.Reading{Value: "a"}, "a", false, 0, ""},
		{"bad", &value.Content{Number: 2, Version: 20}, &value.Reading{Refused: bad}, "a", true, 1, "refused as json k: it is not JSON"},
		{"the same, read again", &value.Content{Number: 3, Version: 20}, &value.Reading{Refused: bad}, "a", true, 1, "refused as json k: it is not JSON"},
		{"bad again", &value.Content{Number: 4, Version: 30}, &value.Reading{Refused: bad}, "a", true, 2, "refused as json k: it is not JSON"},
		{"an older one, read slowly", &value.Content{Number: 1, Version: 10}, &value.Reading{Value: "old"}, "a", true, 2, "refused as json k: it is not JSON"},
		{"good again", &value.Content{Number: 5, Version: 40}, &value.Reading{Value: "b"}, "b", false, 2, "refused as json k: it is not JSON"},
		{"gone", &value.Content{Number: 6}, &value.Reading{}, nil, false, 2, "refused as json k: it is not JSON"},
	} {
		accept(all, n, v, c.content, c.reading)
		if v.value != c.value || v.refused != c.refused || all.refused.Load() != c.count || n.problem != c.problem || !v.loaded {
			t.Errorf("%s: value %v, refused %t, %d refused, problem %q", c.what, v.value, v.refused, all.refused.Load(), n.problem)
		}
	}
}

// All who read a node in one way share a view. One that comes later is given what is
// known already.
func TestViewsAreShared(t *testing.T) {
	st, n := emptyStore(), &node{path: "/a"}
	first := viewOf(st, st.nodes, n, value.FormatText, "")
	if viewOf(st, st.nodes, n, value.FormatText, "") != first || viewOf(st, st.nodes, n, value.FormatJSON, "a") == first || viewOf(st, st.nodes, n, value.FormatJSON, "b") == viewOf(st, st.nodes, n, value.FormatJSON, "a") {
		t.Error("views aren't shared as they should be")
	}
	if first.loaded || len(n.views) != 3 {
		t.Errorf("%d views; loaded: %t", len(n.views), first.loaded)
	}
	known := &node{path: "/b", content: &value.Content{Exists: true, Data: []byte("known"), Number: 1}}
	if later := viewOf(st, st.nodes, known, value.FormatText, ""); !later.loaded || later.value != "known" {
		t.Errorf("the one that comes later has %v", later.value)
	}
}

// Who uses several views of a node is told once.
func TestUsersAreToldOnce(t *testing.T) {
	both, one := &session.Listener{}, &session.Listener{}
	users := usersOf([]*view{{users: map[*session.Listener]int{both: 1}}, {users: map[*session.Listener]int{both: 2, one: 1}}})
	seen := map[*session.Listener]int{}
	for _, user := range users {
		seen[user]++
	}
	if len(users) != 2 || seen[both] != 1 || seen[one] != 1 {
		t.Errorf("%v", seen)
	}
}
