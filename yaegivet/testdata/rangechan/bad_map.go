// Yaegi: panic
package bad_map

import "fmt"

func Run() string {
	n := 0
	for _, ch := range map[string]chan int{"a": make(chan int, 1)} { // want rangechan
		n += cap(ch)
	}
	return fmt.Sprint(n)
}
