// Yaegi: panic
package bad

import "fmt"

func Run() string {
	n := 0
	for _, ch := range []chan int{make(chan int, 1)} { // want rangechan
		n += cap(ch)
	}
	return fmt.Sprint(n)
}
