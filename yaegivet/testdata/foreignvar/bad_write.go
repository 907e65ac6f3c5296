// Yaegi: panic
package bad_write

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	sub.Total++ // want foreignvar
	return fmt.Sprint(sub.Sum() > 5)
}
