package good

import "fmt"

func Run() string {
	last := 0
	for i, v := range []int{1, 2, 3} {
		last = i + v
	}
	n := 0
	for range []int{1, 2} {
		n++
	}
	return fmt.Sprint(last, n)
}
