// Yaegi: panic
package bad

import "fmt"

func Run() string {
	ch := make(chan int, 1)
	ch <- 7
	x := 1
	quit := make(chan bool)
	select { // want select
	case x = <-ch: // want selectassign
	case <-quit:
	}
	return fmt.Sprint(x)
}
