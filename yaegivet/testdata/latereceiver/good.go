package good

import "fmt"

type counter struct{ n int }

func (c *counter) add() { c.n++ }

func adder(c *counter) func() { return c.add }

func Run() string {
	all := []*counter{{}, {}}
	var list []func()
	for _, c := range all {
		list = append(list, adder(c))
	}
	for _, f := range list {
		f()
	}
	return fmt.Sprint(all[0].n, all[1].n)
}
