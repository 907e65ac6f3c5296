package zookeeper

// How many nodes there are whose present version can't be used. Those that follow many
// nodes know the few that were refused some time, so that is soon counted.

// refusedInSubtrees are the nodes of templates: true for those with values; of parents,
// any that couldn't be read some time.
func (p *pool) refusedInSubtrees() map[string]bool {
	refused := map[string]bool{}
	for _, t := range p.allTrees() {
		t.addRefused(refused)
	}
	return refused
}

func (p *pool) allTrees() []*subtree {
	p.treesMu.Lock()
	defer p.treesMu.Unlock()
	var all []*subtree
	for _, t := range p.trees {
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

// countRefused counts those of templates, and those with views, each node once, however
// many read it; p.mu is held.
func (p *pool) countRefused(refused map[string]bool) int {
	for full := range refused {
		n := p.children[full]
		if n != nil && n.content != nil && n.content.denied != nil {
			refused[full] = true
		}
	}
	addViewed(refused, p.data)
	addViewed(refused, p.children)
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
