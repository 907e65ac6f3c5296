package good

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	before := sub.Sum()
	sub.Add()
	return fmt.Sprint(sub.Sum()-before, len(sub.Names), sub.ErrGone)
}
