// Yaegi: load
package bad_literal

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

func Run() string {
	use := func(sub string, all ...sub.Point) int { return len(sub) + len(all) } // want shadow
	return fmt.Sprint(use("a", sub.Get()))
}
