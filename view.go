package zookeeper

import "strings"

// A view is what one format makes of a node, for all who read it so.
type view struct {
	format  string
	key     string
	users   map[*listener]int
	loaded  bool  // some content was read
	number  int64 // of that content; older ones don't count
	value   any   // the last good one, or nil where the node has none
	refused bool  // the node's present version is none
	logged  int64 // the version of the node that was refused last
}

// viewOf is a format's view of a node, which reads what is known of the node at
// once where that takes no time; p.mu is held.
func (p *pool) viewOf(n *node, format, key string) *view {
	for _, v := range n.views {
		if v.format == format && v.key == key {
			return v
		}
	}
	v := &view{format: format, key: key, users: map[*listener]int{}}
	n.views = append(n.views, v)
	if n.content == nil {
		return v
	}
	c := contentOf(n)
	if format == formatText {
		accept(p, n, v, c, read(format, key, c))
	} else {
		go readViewOf(p, n, v)
	}
	return v
}

// readViewOf reads what is known of a node for a view that came after it was read.
func readViewOf(p *pool, n *node, v *view) {
	insist("cluster "+p.name+": reading "+n.path, func() { tell(readView(p, n, v)) })
}

func readView(p *pool, n *node, v *view) []*listener {
	c := contentFor(p, n, v)
	if c == nil {
		return nil
	}
	r := read(v.format, v.key, c)
	p.mu.Lock()
	defer p.mu.Unlock()
	accept(p, n, v, c, r)
	return usersOf([]*view{v})
}

// contentFor is what a view hasn't read yet; nil where there is nothing.
func contentFor(p *pool, n *node, v *view) *content {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n.content == nil || n.content.number <= v.number || len(v.users) == 0 {
		return nil
	}
	return contentOf(n)
}

// readingsOf reads the contents for each view, outside of the lock, except for texts,
// which take no time.
func readingsOf(p *pool, nodes []*node, contents []*content) map[*view]*reading {
	viewed := map[*view]*content{}
	p.mu.Lock()
	for i, n := range nodes {
		for _, v := range n.views {
			if v.format != formatText {
				viewed[v] = contents[i]
			}
		}
	}
	p.mu.Unlock()
	readings := map[*view]*reading{}
	for v, c := range viewed {
		readings[v] = read(v.format, v.key, c)
	}
	return readings
}

func usersOf(views []*view) []*listener {
	seen := make(map[*listener]bool)
	var users []*listener
	for _, v := range views {
		for user := range v.users {
			if !seen[user] {
				seen[user] = true
				users = append(users, user)
			}
		}
	}
	return users
}

// accept takes a reading of a content in. What can't be served is logged, once a
// version, and leaves the last good value in its place. p.mu is held.
func accept(p *pool, n *node, v *view, c *content, r *reading) {
	if c.number < v.number {
		return
	}
	v.number = c.number
	v.loaded = true
	v.refused = r.refused != nil
	if !v.refused {
		v.value = r.value
		return
	}
	n.problem = refusedAs(v.format, v.key, r.refused)
	if v.logged != c.version {
		v.logged = c.version
		p.refused.Add(1)
		logCluster(levelWarn, p.name, "%s %s", n.path, n.problem)
	}
}

func refusedAs(format, key string, why error) string {
	if key != "" {
		format += " " + key
	}
	return "refused as " + format + refusedSince + why.Error()
}

const refusedSince = ": it "

// withoutReason is why a version was refused, without the words that quote it.
func withoutReason(problem string) string {
	refused, _, _ := strings.Cut(problem, refusedSince)
	return refused
}
