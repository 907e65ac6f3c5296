// Yaegi: panic
package bad_any

import "fmt"

func Run() string {
	ch := make(chan int, 1)
	ch <- 4
	var v any
	v = <-ch // want recvassign
	s := fmt.Sprint(v)
	v = "x"
	return s + fmt.Sprint(v)
}
