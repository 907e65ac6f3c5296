// Yaegi: panic
package bad

type view struct { // want typering
	pool *pool
	node *node
}

type node struct{ views []*view }

type pool struct{ nodes map[string]*node }

func Run() string {
	p := &pool{}
	n := &node{}
	v := &view{}
	v.pool = p
	v.node = n
	n.views = append(n.views, v)
	p.nodes = map[string]*node{"a": n}
	return "assigned"
}
