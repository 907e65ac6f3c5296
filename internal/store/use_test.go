package store

import (
	"errors"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A text that follows a text is there for all who read it in place, and needn't be told to them.
// Of everything else everybody is told.
func TestTextsAreReplacedInPlace(t *testing.T) {
	st := emptyStore()
	l := &session.Listener{}
	use := UseNode(st, l, &Interest{Path: "/a", Format: value.FormatText})
	lines := ReadInPlace(use)
	n, v := use.node, use.view
	number := int64(0)
	publishing := func(reading *value.Reading) bool {
		number++
		accept(st.nodes, n, v, &value.Content{Number: number, Version: number}, reading)
		return published.IsToBeTold(v.text)
	}
	shown := func() string { return (*lines.Load().(*[]string))[0] }
	for _, step := range []struct {
		what    string
		reading *value.Reading
		isTold  bool
		shows   string
	}{
		{"the first text", &value.Reading{Value: "a"}, true, "a"},
		{"another one", &value.Reading{Value: "b"}, false, "b"},
		{"a version that can't be used", &value.Reading{Refused: errors.New("is bad")}, true, "b"},
		{"a text after that", &value.Reading{Value: "c"}, true, "c"},
		{"another one after that", &value.Reading{Value: "d"}, false, "d"},
		{"nothing", &value.Reading{Value: ""}, true, "d"},
		{"no node", &value.Reading{}, true, "d"},
		{"a text after that", &value.Reading{Value: "e"}, true, "e"},
	} {
		if told := publishing(step.reading); told != step.isTold || shown() != step.shows {
			t.Errorf("%s: told %t, and %q stands there", step.what, told, shown())
		}
	}
	other := UseNode(st, l, &Interest{Path: "/a", Format: value.FormatText})
	if !publishing(&value.Reading{Value: "f"}) {
		t.Error("who reads it otherwise isn't told")
	}
	use.End()
	if !publishing(&value.Reading{Value: "g"}) {
		t.Error("who reads it otherwise isn't told, once the other use has ended")
	}
	ReadInPlace(other)
	if publishing(&value.Reading{Value: "h"}) || shown() != "h" {
		t.Error("the use that goes on isn't read in place")
	}
}
