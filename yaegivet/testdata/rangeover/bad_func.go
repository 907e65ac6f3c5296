// Yaegi: load
package bad_func

import "fmt"

func three(yield func(int) bool) {
	for i := 0; i < 3 && yield(i); i++ {
	}
}

func Run() string {
	n := 0
	for i := range three { // want rangeover
		n += i
	}
	return fmt.Sprint(n)
}
