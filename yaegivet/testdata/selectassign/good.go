package good

import "fmt"

func Run() string {
	ch := make(chan int, 1)
	ch <- 7
	x := 1
	quit := make(chan bool)
	//yaegi:ok one goroutine runs this
	select {
	case v := <-ch:
		x = v
	case <-quit:
	}
	return fmt.Sprint(x)
}
