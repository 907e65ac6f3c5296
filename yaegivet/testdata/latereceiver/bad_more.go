// Yaegi: wrong
package bad_more

import "fmt"

type counter struct{ n int }

func (c *counter) add() { c.n++ }

func (c counter) count() int { return c.n }

type hooks struct{ done func() }

type holder struct{ c *counter }

func inLoop() string {
	all := []*counter{{}, {}}
	var list []hooks
	for i := 0; i < 2; i++ {
		c := all[i]
		list = append(list, hooks{done: c.add}) // want latereceiver
	}
	for _, h := range list {
		h.done()
	}
	return fmt.Sprint(all[0].n, all[1].n)
}

func loopVariable() string {
	all := []*counter{{}, {}}
	var list []func()
	for _, c := range all {
		list = append(list, c.add) // want latereceiver
	}
	for _, f := range list {
		f()
	}
	return fmt.Sprint(all[0].n, all[1].n)
}

func assigned() string {
	a, b := &counter{}, &counter{}
	c := a
	f := c.add // want latereceiver
	c = b
	f()
	return fmt.Sprint(a.n, b.n)
}

func field() string {
	a, b := &counter{}, &counter{}
	h := &holder{a}
	f := h.c.add // want latereceiver
	h.c = b
	f()
	return fmt.Sprint(a.n, b.n)
}

func copied() string {
	c := &counter{1}
	f := c.count // want latereceiver
	c.n = 2
	return fmt.Sprint(f())
}

func Run() string {
	return inLoop() + "|" + loopVariable() + "|" + assigned() + "|" + field() + "|" + copied()
}
