// Yaegi: load
package bad_element

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

type scale struct{ Level int }

func use(sub *scale) [][]int { return [][]int{{sub.Level}} } // want shadow

func Run() string { return fmt.Sprint(use(&scale{3}), sub.Get()) }
