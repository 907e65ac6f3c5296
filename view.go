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
// once where that takes no time.
func viewOf(c *cache, all *nodes, n *node, format, key string) *view {
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
	known := contentOf(n)
	if format == formatText {
		accept(all, n, v, known, read(format, key, known))
	} else {
		go readViewOf(c, n, v)
	}
	return v
}

// readViewOf reads what is known of a node for a view that came after it was read.
func readViewOf(c *cache, n *node, v *view) {
	insist("cluster "+c.name+": reading "+n.path, func() { readView(c, n, v) })
}

func readView(c *cache, n *node, v *view) {
	known := contentFor(c, n, v)
	if known == nil {
		return
	}
	r := read(v.format, v.key, known)
	all := lock(c)
	defer unlock(c)
	accept(all, n, v, known, r)
	all.tell(usersOf([]*view{v})...)
}

// contentFor is what a view hasn't read yet; nil where there is nothing.
func contentFor(c *cache, n *node, v *view) *content {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n.content == nil || n.content.number <= v.number || len(v.users) == 0 {
		return nil
	}
	return contentOf(n)
}

// readingsOf reads the contents for each view, outside of the lock, except for texts,
// which take no time.
func readingsOf(c *cache, nodes []*node, contents []*content) map[*view]*reading {
	viewed := map[*view]*content{}
	c.mu.Lock()
	for i, n := range nodes {
		for _, v := range n.views {
			if v.format != formatText {
				viewed[v] = contents[i]
			}
		}
	}
	c.mu.Unlock()
	readings := map[*view]*reading{}
	for v, fresh := range viewed {
		readings[v] = read(v.format, v.key, fresh)
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

// accept takes a reading of a content in. What can't be served is
// logged, once a version, and leaves the last good value in its place.
func accept(all *nodes, n *node, v *view, of *content, r *reading) {
	if of.number < v.number {
		return
	}
	v.number = of.number
	v.loaded = true
	v.refused = r.refused != nil
	if !v.refused {
		v.value = r.value
		return
	}
	n.problem = refusedAs(v.format, v.key, r.refused)
	if v.logged != of.version {
		v.logged = of.version
		all.refused.Add(1)
		logCluster(levelWarn, all.name, "%s %s", n.path, n.problem)
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
