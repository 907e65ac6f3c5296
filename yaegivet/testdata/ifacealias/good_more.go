package good_more

import "fmt"

type namer interface{ Name() string }

type thing struct{ n int }

func (t *thing) Name() string   { return fmt.Sprint(t.n) }
func (t *thing) String() string { return fmt.Sprint(t.n) }

func asNamer(t *thing) namer           { return t }
func asStringer(t *thing) fmt.Stringer { return t }

type holder struct{ it namer }

var shared = &thing{9}

// unchanged has variables that stay what they are while the loop runs.
func unchanged(given *thing) string {
	var all []namer
	local := &thing{8}
	for i := 0; i < 2; i++ {
		all = append(all, given)
		all = append(all, local)
		all = append(all, shared)
	}
	text := ""
	for _, n := range all {
		text += n.Name()
	}
	return text
}

func Run() string {
	m := map[int]namer{}
	n := map[int]fmt.Stringer{}
	var things []*thing
	var anything []any
	var holders []*holder
	for i := 0; i < 3; i++ {
		t := &thing{i}
		m[i] = asNamer(t)
		n[i] = asStringer(t)
		holders = append(holders, &holder{it: asNamer(t)})
		things = append(things, t)
		anything = append(anything, t)
	}
	once := &thing{7}
	var single namer = once
	text := single.Name()
	for i := 0; i < 3; i++ {
		text += m[i].Name() + n[i].String() + holders[i].it.Name() + things[i].Name() + anything[i].(*thing).Name()
	}
	return text + unchanged(&thing{6})
}
