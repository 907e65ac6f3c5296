package good

import "fmt"

func three() int { return 3 }

func Run() string {
	a := three()
	b := 7
	text := fmt.Sprint(a, b)
	list := []int{4}
	size := 1
	return text + "|" + fmt.Sprint(list, size)
}
