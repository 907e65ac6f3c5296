package good

import (
	"fmt"

	"example.org/snippets/appendfunc/sub"
)

type act func(int) int

type counter struct{ n int }

func (c *counter) add(i int) int { return c.n + i }

func double(i int) int { return 2 * i }

func half(i int) int { return i / 2 }

func Run() string {
	var all []func(int) int
	c := &counter{5}
	h := half
	all = append(all, func(i int) int { return double(i) }, c.add, h)
	fixed := []func(int) int{double, sub.Triple, nil}
	fixed[2] = double
	named := []act{double}
	return fmt.Sprint(all[0](1), all[1](1), all[2](4), fixed[0](2), fixed[1](2), fixed[2](2), named[0](3))
}
