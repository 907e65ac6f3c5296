//go:build hooks

package model

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// tree is what is in the ensemble, by paths. The node above all isn't in it.
type tree map[string]node

type node struct {
	content
	denied bool // nobody may read it
}

// missingAbove are a node's parents that are missing, the uppermost first.
func (t tree) missingAbove(of string) []string {
	var missing []string
	for above := path.Dir(of); above != "/"; above = path.Dir(above) {
		if _, exists := t[above]; !exists {
			missing = append([]string{above}, missing...)
		}
	}
	return missing
}

// with is a node and all below it, in an order in which they can be deleted.
func (t tree) with(top string) []string {
	var found []string
	for at := range t {
		if at == top || strings.HasPrefix(at, top+"/") {
			found = append(found, at)
		}
	}
	slices.Sort(found)
	slices.Reverse(found)
	return found
}

// children are the names of a node's children.
func (t tree) children(of string) []string {
	var names []string
	for at := range t {
		if path.Dir(at) == of {
			names = append(names, path.Base(at))
		}
	}
	slices.Sort(names)
	return names
}

func (t tree) clone() tree { return maps.Clone(t) }

// read is what a format makes of a node as it is now.
func (t tree) read(at, format, key string) string {
	n, exists := t[at]
	switch {
	case !exists:
		return none
	case format == "exists":
		return "true"
	case n.denied:
		return refused
	case format != "children":
		return n.as(format, key)
	}
	names := strings.Join(t.children(at), ",")
	if names == "" {
		return none
	}
	return names
}
