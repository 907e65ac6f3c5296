// Yaegi: panic
package bad_result

import "fmt"

func wait(ch chan int) (n int) {
	n = 0
	n = <-ch // want recvassign
	return n
}

func Run() string {
	ch := make(chan int, 1)
	ch <- 4
	return fmt.Sprint(wait(ch))
}
