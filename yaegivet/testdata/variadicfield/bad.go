// Yaegi: load
package bad

import "fmt"

type hooks struct {
	logf func(text string, values ...any) string
}

func Run() string {
	h := &hooks{logf: fmt.Sprintf}
	return h.logf("%d %d", 1, 2) // want variadicfield
}
