package good

import "fmt"

type holder struct {
	sum func(values ...int) int
}

func add(values ...int) int {
	total := 0
	for _, v := range values {
		total += v
	}
	return total
}

type adder struct{ n int }

func (a *adder) add(values ...int) int { return a.n + add(values...) }

var shared = add

func Run() string {
	h := &holder{sum: add}
	a := &adder{5}
	f := add
	return fmt.Sprint(h.sum(), h.sum(1), h.sum([]int{1, 2}...), a.add(1, 2), f(1, 2), shared(1, 2))
}
