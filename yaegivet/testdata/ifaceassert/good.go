package good

import "fmt"

type namer interface{ Name() string }

type both interface {
	Name() string
	String() string
}

type thing struct{ name string }

func (t *thing) Name() string   { return t.name }
func (t *thing) String() string { return t.name }

func asNamer(t *thing) namer { return t }

func Run() string {
	var x any = &thing{"a"}
	t, ok := x.(*thing)
	if !ok {
		return "none"
	}
	b, ok := asNamer(t).(both)
	if !ok {
		return "not both"
	}
	return t.Name() + b.String() + fmt.Sprint(ok)
}
