package good_constant

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

var here = sub.Version + "-here"

func Run() string {
	sub.Inc()
	return fmt.Sprint(sub.Version, sub.Computed, sub.Zero, sub.Kept, here, sub.Counted)
}
