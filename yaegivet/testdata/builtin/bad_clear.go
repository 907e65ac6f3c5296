// Yaegi: load
package bad_clear

import "fmt"

func Run() string {
	m := map[string]int{"a": 1}
	clear(m) // want builtin
	return fmt.Sprint(len(m))
}
