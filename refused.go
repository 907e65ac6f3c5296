package zookeeper

// How many nodes there are whose present version can't be used. A subtree may follow
// many nodes, but it knows those few that were refused at some time, and no others have
// to be looked at.

// refusedInTrees are the nodes that subtrees couldn't use at some time. It is true
// of those whose present version is refused as a value. Whether a list of children can
// be read now is left to countRefused.
func refusedInTrees(c *cache) map[string]bool {
	refused := map[string]bool{}
	for _, t := range allTrees(c) {
		t.addRefused(refused)
	}
	return refused
}

func allTrees(c *cache) []*subtree {
	c.treesMu.Lock()
	defer c.treesMu.Unlock()
	var all []*subtree
	for _, t := range c.trees {
		all = append(all, t)
	}
	return all
}

func (t *subtree) addRefused(refused map[string]bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for full := range t.logged {
		seen := entryAt(t, full)
		if seen == nil && !refused[full] {
			refused[full] = false
		}
		if seen != nil && seen.refused {
			refused[full] = true
		}
	}
}

// countRefused counts the nodes of subtrees and those with views, each node once, however
// many read it.
func countRefused(all *nodes, refused map[string]bool) int {
	for full := range refused {
		n := all.children[full]
		if n != nil && n.content != nil && n.content.denied != nil {
			refused[full] = true
		}
	}
	addViewed(refused, all.data)
	addViewed(refused, all.children)
	count := 0
	for _, is := range refused {
		if is {
			count++
		}
	}
	return count
}

func addViewed(refused map[string]bool, nodes map[string]*node) {
	for full, n := range nodes {
		if len(n.views) == 0 {
			continue
		}
		for _, v := range n.views {
			if v.refused {
				refused[full] = true
			}
		}
	}
}
