package good

type a struct{ b *b }

type b struct{ c []*c }

type c struct{ a map[string]*a }

type tree struct{ left, right *tree }

type owner struct {
	first, last *entry
}

type entry struct{ owner *owner }

type holder struct {
	owner *owner
	entry *entry
	tree  *tree
}

func Run() string {
	y := &c{}
	z := &b{}
	x := &a{}
	x.b = z
	z.c = []*c{y}
	y.a = map[string]*a{"x": x}
	t := &tree{}
	t.left = t
	t.right = t
	e := &entry{}
	o := &owner{}
	o.first = e
	o.last = e
	e.owner = o
	h := &holder{}
	h.owner = o
	h.entry = e
	h.tree = t
	if h.entry.owner != o || x.b.c[0].a["x"] != x {
		return "torn"
	}
	return "assigned"
}
