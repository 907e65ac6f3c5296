package good

import "fmt"

func sizes(a, b []int) (int, int) {
	first := len(a)
	second := len(b)
	return first, second
}

func swapped() (int, int) {
	a := 1
	b := 2
	return b, a
}

func Run() string {
	x, y := sizes([]int{1}, []int{1, 2})
	a, b := swapped()
	return fmt.Sprint(x, y) + "|" + fmt.Sprint(a, b)
}
