// Yaegi: load
package bad_receiver

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

type line struct{ length int }

func (sub *line) end(from *sub.Point) int { return from.X + sub.length } // want shadow

func Run() string {
	p := sub.Get()
	l := &line{2}
	return fmt.Sprint(l.end(&p))
}
