package cache

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/history"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
)

// What a report consists of.
type (
	// A NodeSelection says which nodes a report lists.
	NodeSelection = store.NodeSelection
	// A Report is what is known of a cluster's nodes at one moment.
	Report = store.Report
	// A NodeReport is what is known of one node.
	NodeReport = store.NodeReport
	// A PropagationReport counts changes by how long they took.
	PropagationReport = history.Propagation
)

// ReportOf reports what is known of a cluster's nodes now, and of its templates where
// nodes are listed.
func ReportOf(c *Cache, wanted *NodeSelection) (*Report, []*TemplateReport) {
	refused, suspicious := refusedInTrees(c)
	report := store.ReportOf(c.store, wanted, refused)
	report.SuspiciousFlags += suspicious
	var templates []*TemplateReport
	if wanted.Limit > 0 {
		templates = templatesOf(c, wanted, refused)
	}
	return report, templates
}

// refusedInTrees are the nodes that subtrees couldn't use at some time, by their paths with
// the chroot. The value tells whether the present version is refused as a value. Whether a
// list of children can be read now, the store knows. The number is that of their flags that
// are wrong or suspicious.
func refusedInTrees(c *Cache) (map[string]bool, int) {
	refused := map[string]bool{}
	suspicious := 0
	for _, tree := range allTrees(c) {
		suspicious += addRefused(tree, refused)
	}
	return refused, suspicious
}

func allTrees(c *Cache) []*Subtree {
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	var all []*Subtree
	for _, tree := range c.trees {
		all = append(all, tree)
	}
	return all
}

// addRefused adds the nodes that a subtree couldn't use at some time, and counts its flags
// that are wrong or suspicious.
func addRefused(tree *Subtree, refused map[string]bool) int {
	tree.mu.Lock()
	defer tree.mu.Unlock()
	suspicious := 0
	for full, last := range tree.logged {
		if len(last.Findings) > 0 {
			suspicious++
		}
		seen := entryAt(tree, full)
		if seen == nil && !refused[full] {
			refused[full] = false
		}
		if seen != nil && seen.Refused {
			refused[full] = true
		}
	}
	return suspicious
}
