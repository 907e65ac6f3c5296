// Yaegi: panic
package bad_array

import "fmt"

func Run() string {
	n := 0
	for _, ch := range [1]<-chan int{make(chan int, 1)} { // want rangechan
		n += cap(ch)
	}
	return fmt.Sprint(n)
}
