//go:build hooks

package model

import (
	"regexp"
	"strings"
)

// Who asks: the values of the placeholders.
var (
	tenants = []string{"a", "b", "c", "d"}
	users   = []string{"x", "y"}
)

// asker is one of those who ask.
type asker struct{ tenant, user string }

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// place is the path that an asker means.
func place(pattern string, who asker) string {
	return strings.NewReplacer("{header.X-T}", who.tenant, "{host}", who.tenant, "{header.X-U}", who.user).Replace(pattern)
}

// askers are those to whom a middleware may give different answers.
func (m middleware) askers() []asker {
	all := m.String()
	ofTenants, ofUsers := tenants, users
	if !strings.Contains(all, "{header.X-T}") && !strings.Contains(all, "{host}") {
		ofTenants = tenants[:1]
	}
	if !strings.Contains(all, "{header.X-U}") {
		ofUsers = users[:1]
	}
	var found []asker
	for _, tenant := range ofTenants {
		for _, user := range ofUsers {
			found = append(found, asker{tenant, user})
		}
	}
	return found
}

// meant are the nodes that a pattern can mean, there or not, where their parents
// are: for each placeholder those that it leads to so far.
func (t tree) meant(pattern string) [][]string {
	var levels [][]string
	paths := []string{""}
	for _, segment := range strings.Split(pattern, "/")[1:] {
		isPlaceholder := placeholder.MatchString(segment)
		var next []string
		for _, at := range paths {
			if !isPlaceholder {
				next = append(next, at+"/"+segment)
				continue
			}
			for _, name := range t.children(at) {
				next = append(next, at+"/"+name)
			}
		}
		paths = next
		if isPlaceholder {
			levels = append(levels, nil)
		}
		if len(levels) > 0 {
			levels[len(levels)-1] = paths
		}
	}
	return levels
}

// most is how many nodes the limit of a pattern has to be for all to be served.
func (t tree) most(pattern string) int {
	most := 0
	for _, level := range t.meant(pattern) {
		most = max(most, len(level))
	}
	return most
}

func isPattern(path string) bool { return strings.Contains(path, "{") }

// root is the node that a pattern's recursive watch is set at.
func root(pattern string) string {
	fixed, _, _ := strings.Cut(pattern, "{")
	return fixed[:strings.LastIndexByte(fixed, '/')]
}
