package good

type namer interface{ Name() string }

type thing struct{ name string }

func (t *thing) Name() string { return t.name }

type holder struct{ it namer }

func Run() string {
	h := &holder{it: &thing{"a"}}
	h.it = &thing{"b"}
	m := map[string]namer{}
	m["a"] = &thing{"a"}
	m["a"] = &thing{"b"}
	return h.it.Name() + m["a"].Name()
}
