// Yaegi: wrong
package bad

import "fmt"

type item struct{ n int }

func Run() string {
	numbers := make(chan int, 2)
	numbers <- 4
	numbers <- 5
	it := &item{}
	it.n = <-numbers // want recvassign
	list := []int{1}
	list[0] = <-numbers // want recvassign
	return fmt.Sprint(it.n) + "|" + fmt.Sprint(list)
}
