package cache

import (
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
)

// A TemplateReport is what is known of the nodes that a path with placeholders means, taken
// together. Their names are those of tenants and users, and aren't in it.
type TemplateReport struct {
	Path         string    // with its placeholders, without the chroot
	Nodes        int       // with values
	NotLoaded    int       // nodes that are not loaded yet, those on the way to the values too
	Refused      int       // nodes whose present version can't be used, those on the way too
	RefusedSince time.Time // since when the first of them is refused; zero for none
	Suspicious   int       // nodes with a flag that is wrong or suspicious
	StaleSince   time.Time // since when no session tells of changes; zero while one does
}

// templatesOf are the templates whose paths begin as is wanted. Of each path, there may be
// several subtrees, in different formats. In refused are the nodes that are refused now.
func templatesOf(c *Cache, wanted *NodeSelection, refused map[string]bool) []*TemplateReport {
	byPath := map[string]*TemplateReport{}
	counted := map[string]bool{}
	for _, tree := range allTrees(c) {
		path := tree.pattern.Text
		if !strings.HasPrefix(path, wanted.Prefix) {
			continue
		}
		if byPath[path] == nil {
			byPath[path] = &TemplateReport{Path: path}
		}
		addTree(byPath[path], tree)
		addRefusals(byPath[path], tree, refused, counted)
	}
	var templates []*TemplateReport
	for _, path := range lists.SortedKeys(byPath) {
		if len(templates) < wanted.Limit {
			templates = append(templates, byPath[path])
		}
	}
	return templates
}

// addTree takes a subtree's nodes, which are those of the other subtrees of that path.
func addTree(t *TemplateReport, tree *Subtree) {
	t.NotLoaded = greater(t.NotLoaded, int(tree.missing.Load()))
	t.StaleSince = earlier(t.StaleSince, store.StaleSince(tree.cache.store, tree.sink))
	tree.mu.Lock()
	defer tree.mu.Unlock()
	t.Nodes = greater(t.Nodes, tree.leaves)
}

// addRefusals counts the nodes that a subtree couldn't use and that are refused now. In
// counted are those that were counted for the path of another subtree.
func addRefusals(t *TemplateReport, tree *Subtree, refused, counted map[string]bool) {
	tree.mu.Lock()
	defer tree.mu.Unlock()
	for full, last := range tree.logged {
		if len(last.Findings) > 0 {
			t.Suspicious++
		}
		if !refused[full] {
			continue
		}
		t.RefusedSince = earlier(t.RefusedSince, last.Since)
		id := t.Path + "\x00" + full
		if !counted[id] {
			counted[id] = true
			t.Refused++
		}
	}
}

func greater(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// earlier is the earlier one of two times, of which a zero one doesn't count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
