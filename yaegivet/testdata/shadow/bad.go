// Yaegi: load
package bad

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

func use(sub *sub.Point, level []sub.Level) int { return sub.X + len(level) } // want shadow

func Run() string {
	p := sub.Get()
	return fmt.Sprint(use(&p, nil))
}
