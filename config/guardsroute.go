package config

import (
	"strings"
)

// GuardsRoute tells whether a configuration means to have gates. Gates that are misspelt or
// in the wrong place count as well, since a router that vanishes because of a mistake would
// be a way past them.
func GuardsRoute(c *Config) bool {
	return len(c.Gates) > 0 || namesGates(c.Decoded)
}

// namesGates looks for gates at all levels of a tree.
func namesGates(value any) bool {
	tree, isTree := value.(map[string]any)
	if isTree {
		for name, v := range tree {
			folded := strings.ToLower(name)
			if folded == "blockwhen" || meansGates(folded) && !isEmpty(v) || namesGates(v) {
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

// meansGates tells whether a key, in lower case, is gates or nearly so.
func meansGates(name string) bool {
	return strings.Contains(name, "gate") || distance(name, "gates") <= 2
}

func isEmpty(value any) bool {
	items, isList := listItems(value)
	return value == nil || value == "" || isList && len(items) == 0
}
