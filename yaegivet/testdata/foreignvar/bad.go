// Yaegi: wrong
package bad

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	before := sub.Sum()
	sub.Add()
	return fmt.Sprint(sub.Total - before) // want foreignvar
}
