package good

import "fmt"

func wait(ch chan int) int {
	v := <-ch
	return v
}

func twice(i int) int { return 2 * i }

func Run() string {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	ch <- 3
	n := twice(<-ch)
	return fmt.Sprint(wait(ch), n, <-ch)
}
