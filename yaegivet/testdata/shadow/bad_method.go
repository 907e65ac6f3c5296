// Yaegi: load
package bad_method

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

type scale struct{ n int }

func (s *scale) Level(n int) int { return s.n * n }

func use(sub *scale) int { return sub.Level(2) } // want shadow

func Run() string { return fmt.Sprint(use(&scale{3}), sub.Get()) }
