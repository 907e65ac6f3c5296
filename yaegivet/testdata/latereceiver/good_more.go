package good_more

import (
	"fmt"
	"sort"
)

type counter struct{ n int }

func (c *counter) add() { c.n++ }

func (c counter) count() int { return c.n }

func (c *counter) less(i, j int) bool { return i > j }

type hooks struct{ done func() }

func hooksOf(c *counter) hooks { return hooks{done: c.add} }

func Run() string {
	all := []*counter{{}, {}}
	var list []hooks
	for _, c := range all {
		c.add()
		list = append(list, hooksOf(c))
		sort.Slice([]int{1, 2}, c.less)
	}
	for _, h := range list {
		h.done()
	}
	c := counter{1}
	c.n = 3
	f := c.count
	return fmt.Sprint(all[0].n, all[1].n, f())
}
