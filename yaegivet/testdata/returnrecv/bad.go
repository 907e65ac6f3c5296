// Yaegi: panic
package bad

import "fmt"

func wait(ch chan int) int {
	return <-ch // want returnrecv
}

func Run() string {
	ch := make(chan int, 1)
	ch <- 1
	return fmt.Sprint(wait(ch))
}
