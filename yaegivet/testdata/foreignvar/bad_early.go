// Yaegi: wrong
package bad_early

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	sub.SetAddressed()
	return fmt.Sprint(sub.Addressed) + "|" + fmt.Sprint(sub.Early) // want foreignvar foreignvar
}
