// Yaegi: load
package bad

import "fmt"

func Run() string {
	n := 1
	m := min(n, 2) // want builtin
	return fmt.Sprint(m)
}
