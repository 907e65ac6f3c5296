package good_more

import (
	"fmt"
	"time"
)

type point struct{ x, y int }

func three() int { return 3 }

func pair() (int, int) { return 5, 6 }

// Run declares with calls, swaps and computes, and lets all values be calls or
// literals that know nothing of each other.
func Run() string {
	a, b := three(), 7
	s := fmt.Sprint(a, b)
	a, b = b, a
	a, b = a+b, a-b
	s += fmt.Sprint(a, b)
	a, b = three(), three()
	s += fmt.Sprint(a, b)
	a, b = three()+1, 7
	s += fmt.Sprint(a, b)
	a, b = pair()
	s += fmt.Sprint(a, b)
	var c, d = three(), 8
	list, m := []int{1}, map[string]int{"a": 1}
	p, n := &point{1, 2}, 7
	s += fmt.Sprint(c, d, list, m, p.x, n)
	f, k := func() int { return 4 }, 2
	s += fmt.Sprint(f(), k)
	f, k = func() int { return 5 }, 6
	s += fmt.Sprint(f(), k)
	wait, k := time.Second, 3
	wait, k = time.Duration(k), 4
	s += fmt.Sprint(wait, k)
	var x any
	x, k = three(), 9
	m["b"], k = three(), 10
	s += fmt.Sprint(x, k, m)
	for i, j := 0, len(s); i < j; i, j = i+1, j-1 {
		k += j - i
	}
	return s + fmt.Sprint(k)
}
