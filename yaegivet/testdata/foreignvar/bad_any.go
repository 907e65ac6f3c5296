// Yaegi: wrong
package bad_any

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	sub.ChangeCopied()
	return fmt.Sprint(sub.Any) + "|" + fmt.Sprint(sub.Own) // want foreignvar foreignvar
}
