// Yaegi: load
package bad

import "fmt"

func Run() string {
	n := 0
	for i := range 3 { // want rangeover
		n += i
	}
	return fmt.Sprint(n)
}
