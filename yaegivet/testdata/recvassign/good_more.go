package good_more

import "fmt"

type item struct {
	n  int
	ok bool
}

var shared int

func wait(n int, ch chan int) int {
	n = <-ch
	return n
}

func Run() string {
	ch := make(chan int, 20)
	for i := 0; i < 20; i++ {
		ch <- i
	}
	it := &item{n: <-ch}
	s := fmt.Sprint(it.n)
	v := <-ch
	it.n = v
	s += fmt.Sprint(it.n)
	it.n += <-ch
	s += fmt.Sprint(it.n)
	it.n = <-ch + 1
	s += fmt.Sprint(it.n)
	it.n, it.ok = <-ch
	s += fmt.Sprint(it.n, it.ok)
	v = <-ch
	m := map[string]any{}
	m["a"] = <-ch
	list := append([]int{1}, <-ch)
	shared = <-ch
	a, b := <-ch, <-ch
	a, b = <-ch, <-ch
	func() {
		own := 1
		own = <-ch
		s += fmt.Sprint(own)
	}()
	_ = <-ch
	return s + fmt.Sprint(v, m, list, shared, a, b, wait(1, ch))
}
