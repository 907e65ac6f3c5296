// Yaegi: wrong
package bad_more

import "fmt"

type item struct {
	n    int
	v    any
	next *item
}

var shared = &item{}

func numbers() chan int {
	ch := make(chan int, 4)
	ch <- 4
	ch <- 5
	return ch
}

func Run() string {
	ch := numbers()
	it := &item{next: &item{}}
	it.n = <-ch // want recvassign
	s := fmt.Sprint(it.n)
	it.v = <-ch // want recvassign
	s += "|" + fmt.Sprint(it.v)
	ch = numbers()
	it.next.n = <-ch // want recvassign
	s += "|" + fmt.Sprint(it.next.n)
	shared.n = <-ch // want recvassign
	s += "|" + fmt.Sprint(shared.n)
	ch = numbers()
	list := []int{1}
	list[0] = <-ch // want recvassign
	s += "|" + fmt.Sprint(list)
	z := 1
	p := &z
	*p = <-ch // want recvassign
	s += "|" + fmt.Sprint(*p)
	ch = numbers()
	captured := 1
	func() {
		captured = <-ch // want recvassign
	}()
	s += "|" + fmt.Sprint(captured)
	m := map[string]int{}
	ok := false
	m["a"], ok = <-ch // want recvassign
	return s + "|" + fmt.Sprint(m, ok)
}
