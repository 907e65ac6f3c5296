// Yaegi: load
package bad_max

import "fmt"

func Run() string {
	n := 1
	m := max(n, 2) // want builtin
	return fmt.Sprint(m)
}
