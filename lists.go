package zookeeper

import "sort"

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// without is a list that lacks one of its items.
func without[T comparable](items []T, gone T) []T {
	var rest []T
	for _, item := range items {
		if item != gone {
			rest = append(rest, item)
		}
	}
	return rest
}
