package zookeeper

import "time"

// A publication is what was read of nodes, on its way to those who use them.
type publication struct {
	nodes    []*node
	contents []*content
	sinks    []*sink
	changes  []*change
}

// deliver publishes what was read of one node, or of several that aren't read for
// their children.
func deliver(c *cache, nodes []*node, contents []*content) {
	p := &publication{nodes: nodes, contents: contents}
	publish(c, p, readingsOf(c, nodes, contents))
	if len(p.sinks) > 0 {
		fill(p)
	}
	if len(p.changes) > 0 {
		c.history.note(p.changes)
		logChanges(c, p.changes)
	}
}

// publish stores what was read, and tells the listeners.
func publish(c *cache, p *publication, readings map[*view]*reading) {
	all := lock(c)
	defer unlock(c)
	var viewed []*view
	var last *sink
	for i, n := range p.nodes {
		before := n.content
		fresh := p.contents[i]
		if before != nil && (before.version != fresh.version || before.exists != fresh.exists) {
			p.changes = append(p.changes, changeOf(n, before, fresh))
		}
		store(all, n, fresh)
		for _, v := range n.views {
			r := readings[v]
			if r == nil && v.format != formatText { // it came meanwhile
				go readViewOf(c, n, v)
				continue
			}
			if r == nil {
				r = read(v.format, v.key, fresh)
			}
			accept(all, n, v, fresh, r)
			viewed = append(viewed, v)
		}
		for _, t := range n.sinks {
			if t != last {
				last = t
				p.sinks = append(without(p.sinks, t), t)
			}
		}
	}
	all.tell(usersOf(viewed)...)
}

func store(all *nodes, n *node, fresh *content) {
	all.latest++
	fresh.number = all.latest
	n.content = fresh
	n.altered = nil
	n.asked = n.heard
	n.heard = time.Time{}
	n.stale = all.session.downSince
	n.delay = 0
	n.problem = ""
}

// fill gives the sinks their part.
func fill(p *publication) {
	b := &batch{paths: make([]string, len(p.nodes)), children: p.nodes[0].children, contents: p.contents}
	for i, n := range p.nodes {
		b.paths[i] = n.path
	}
	for _, t := range p.sinks {
		t.put(b)
	}
}

func logChanges(c *cache, changes []*change) {
	if !isLogged(levelDebug) {
		return
	}
	for _, change := range changes {
		logCluster(levelDebug, c.name, "%s %s, version %d, served after %s", change.path, change.kind, change.version, change.served.Sub(change.event))
	}
}
