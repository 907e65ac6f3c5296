// Yaegi: wrong
package bad_other

import (
	"fmt"
	"time"
)

func element(m map[string]chan int) string {
	select { // want select
	case n, ok := <-m["a"]: // want selectok
		return fmt.Sprint(n, ok)
	case <-time.After(100 * time.Millisecond):
		return "nothing"
	}
}

func call(get func() chan int) string {
	select { // want select
	case _, ok := <-get(): // want selectok
		return fmt.Sprint(ok)
	case <-time.After(100 * time.Millisecond):
		return "nothing"
	}
}

func Run() string {
	ch := make(chan int, 2)
	ch <- 1
	ch <- 2
	return element(map[string]chan int{"a": ch}) + "|" + call(func() chan int { return ch })
}
