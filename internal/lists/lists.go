// Package lists has the few functions on lists and maps that the plugin needs and that
// Go's own packages slices and maps have as well.
//
// Yaegi: it lacks some functions of those packages, and doesn't find the type arguments of
// most others.
package lists

import (
	"sort"
)

// SortedKeys are the keys of a map in ascending order.
func SortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Without is a new list of the items that differ from one. It is nil where none is left.
func Without[T comparable](items []T, unwanted T) []T {
	var rest []T
	for _, item := range items {
		if item != unwanted {
			rest = append(rest, item)
		}
	}
	return rest
}
