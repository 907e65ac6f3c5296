// Yaegi: panic
package bad_foreign

import (
	"fmt"

	"example.org/snippets/returnfunc/sub"
)

func four() func() int {
	return sub.Four // want returnfunc
}

func Run() string { return fmt.Sprint(four()()) }
