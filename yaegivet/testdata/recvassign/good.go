package good

import "fmt"

type item struct{ n int }

func Run() string {
	numbers := make(chan int, 2)
	numbers <- 4
	numbers <- 5
	it := &item{}
	n := <-numbers
	it.n = n
	list := []int{1}
	m := <-numbers
	list[0] = m
	return fmt.Sprint(it.n) + "|" + fmt.Sprint(list)
}
