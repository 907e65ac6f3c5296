// Yaegi: panic
package bad_package

import (
	"fmt"

	"example.org/snippets/appendfunc/sub"
)

func Run() string {
	var all []func(int) int
	all = append(all, sub.Triple) // want appendfunc
	return fmt.Sprint(all[0](1))
}
