package good

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

func use(point *sub.Point, level []sub.Level) int { return point.X + len(level) }

func Run() string {
	p := sub.Get()
	return fmt.Sprint(use(&p, nil))
}
