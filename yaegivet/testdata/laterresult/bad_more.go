// Yaegi: wrong
package bad_more

import "fmt"

type user struct{ name string }

func both(a, b []int) (int, int) {
	return len(a), cap(b) // want laterresult
}

func number(n int, s []int) (int, string, int) {
	return n, "x", len(s) // want laterresult
}

func copies(us []*user) ([]*user, []*user) {
	return us[:1], append([]*user{}, us...) // want laterresult
}

func made() ([]int, []int) {
	return []int{1}, make([]int, 2) // want laterresult
}

func parts(c complex128) (float64, float64) {
	return real(c), imag(c) // want laterresult
}

func copied(from []int) (int, int) {
	return 7, copy(make([]int, 2), from) // want laterresult
}

func asAny(s []int) (any, any) {
	return 7, append(s, 1) // want laterresult
}

func swapped() (a, b int) {
	a = 1
	b = 2
	return b, a // want laterresult
}

func sum() (a, b int) {
	a = 1
	b = 2
	return b, a + 2 // want laterresult
}

func late() (a, b int) {
	a = 1
	b = 2
	return a + 4, a - 4 // want laterresult
}

func early() (a, b int) {
	a = 1
	b = 2
	return b, a + 3 // want laterresult
}

func Run() string {
	a, b := both([]int{1}, make([]int, 2, 9))
	s := fmt.Sprint(a, b)
	a, _, b = number(7, []int{1})
	s += "|" + fmt.Sprint(a, b)
	f, all := copies([]*user{{"a"}, {"b"}})
	s += "|" + fmt.Sprint(len(f), len(all))
	one, none := made()
	s += "|" + fmt.Sprint(one, none)
	re, im := parts(1 + 2i)
	s += "|" + fmt.Sprint(re, im)
	a, b = copied([]int{4})
	s += "|" + fmt.Sprint(a, b)
	x, y := asAny(nil)
	s += "|" + fmt.Sprint(x, y)
	a, b = swapped()
	s += "|" + fmt.Sprint(a, b)
	a, b = sum()
	s += "|" + fmt.Sprint(a, b)
	a, b = late()
	s += "|" + fmt.Sprint(a, b)
	a, b = early()
	s += "|" + fmt.Sprint(a, b)
	inner := func(n int) (int, int) {
		return n, len("abc") // want laterresult
	}
	a, b = inner(8)
	return s + "|" + fmt.Sprint(a, b)
}
