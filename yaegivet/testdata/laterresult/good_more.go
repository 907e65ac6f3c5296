package good_more

import (
	"fmt"
	"strings"
)

type user struct{ name string }

type fault struct{ text string }

func (f *fault) String() string { return f.text }

func newFault() *fault { return &fault{"x"} }

func id(n int) int { return n }

func variable(us []*user) (int, []*user) {
	some := append([]*user{}, us...)
	return 1, some
}

func first(us []*user) ([]*user, error) { return append([]*user{}, us...), nil }

func within(s []int) (string, int, int, int, bool) {
	return "x", len(s) + 1, id(len(s)), int(int64(len(s))), len(s) > 0
}

func others(s []int, n int) (string, []int, []int, []byte, *user, int) {
	return "x", s[1:], []int{n}, []byte("y"), &user{"z"}, -n
}

func calls(n int) (int, int, string, any) { return n, id(2 * n), strings.Repeat("a", n), id(3) }

func one(s []int) int { return len(s) }

func faults() (*fault, fmt.Stringer) {
	f := newFault()
	return f, f
}

func faultBehind() (int, fmt.Stringer) { return 1, newFault() }

func faultFirst() (fmt.Stringer, *fault) { return newFault(), newFault() }

func named() (a, b int) {
	a = 1
	b = 2
	return a, a + b
}

func called() (a, b int) {
	a = 1
	b = 2
	return 7, id(a)
}

func ahead() (a, b int) {
	a = 1
	b = 2
	return b, 7
}

func Run() string {
	us := []*user{{"a"}, {"b"}}
	n, vs := variable(us)
	ws, err := first(us)
	s := fmt.Sprint(n, len(vs), len(ws), err == nil, one([]int{1}))
	x, i, j, k, some := within([]int{1, 2})
	s += fmt.Sprint(x, i, j, k, some)
	x, is, js, bs, u, l := others([]int{1, 2}, 3)
	s += fmt.Sprint(x, is, js, string(bs), u.name, l)
	i, j, x, y := calls(2)
	s += fmt.Sprint(i, j, x, y)
	f, text := faults()
	s += f.String() + text.String()
	_, text = faultBehind()
	s += text.String()
	text, f = faultFirst()
	s += f.String() + text.String()
	i, j = named()
	s += fmt.Sprint(i, j)
	i, j = called()
	s += fmt.Sprint(i, j)
	i, j = ahead()
	return s + fmt.Sprint(i, j)
}
