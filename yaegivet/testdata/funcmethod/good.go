package good

type action func() string

func (a action) do() string { return a() }

type thing struct{ name string }

func (t *thing) do() string { return t.name }

type holder struct {
	act action
	it  *thing
}

func run(act action) string { return act.do() }

// Run calls methods otherwise.
func Run() string {
	h := &holder{act: func() string { return "a" }, it: &thing{"t"}}
	var act action = h.act
	it := h.it
	return action(h.act).do() + act.do() + run(h.act) + it.do() + h.act()
}
