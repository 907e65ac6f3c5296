package zookeeper

import "strings"

// guardsRoute tells whether the configuration means to have gates, misspelt and
// misplaced ones included: such an instance must never let its router vanish.
func guardsRoute(c *Config) bool {
	return len(c.Gates) > 0 || namesGates(c.Decoded)
}

func namesGates(value any) bool {
	tree, isTree := value.(map[string]any)
	if isTree {
		for name, v := range tree {
			folded := strings.ToLower(name)
			if folded == "blockwhen" || meansGates(folded) && !empty(v) || namesGates(v) {
				return true
			}
		}
		return false
	}
	items, isList := listItems(value)
	if isList {
		for _, item := range items {
			if namesGates(item) {
				return true
			}
		}
	}
	return false
}

func meansGates(name string) bool {
	return strings.Contains(name, "gate") || distance(name, "gates") <= 2
}

func empty(value any) bool {
	items, isList := listItems(value)
	return value == nil || value == "" || isList && len(items) == 0
}
