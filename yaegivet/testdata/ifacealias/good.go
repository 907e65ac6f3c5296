package good

import "fmt"

type namer interface{ Name() string }

type thing struct{ n int }

func (t *thing) Name() string { return fmt.Sprint(t.n) }

func asNamer(t *thing) namer { return t }

func Run() string {
	var all []namer
	for i := 0; i < 3; i++ {
		all = append(all, asNamer(&thing{i}))
	}
	text := ""
	for _, n := range all {
		text += n.Name()
	}
	return text
}
