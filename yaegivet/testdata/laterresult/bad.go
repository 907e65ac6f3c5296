// Yaegi: wrong
package bad

import "fmt"

func sizes(a, b []int) (int, int) {
	return len(a), len(b) // want laterresult
}

func swapped() (a, b int) {
	a = 1
	b = 2
	return b, a // want laterresult
}

func Run() string {
	x, y := sizes([]int{1}, []int{1, 2})
	a, b := swapped()
	return fmt.Sprint(x, y) + "|" + fmt.Sprint(a, b)
}
