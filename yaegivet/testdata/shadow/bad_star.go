// Yaegi: load
package bad_star

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

type scale struct{ Level *int }

func use() int {
	n := 3
	sub := &scale{&n}
	return *sub.Level // want shadow
}

func Run() string { return fmt.Sprint(use(), sub.Get()) }
