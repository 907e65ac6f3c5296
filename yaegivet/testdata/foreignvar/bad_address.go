// Yaegi: panic
package bad_address

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	p := &sub.Total // want foreignvar
	*p = 9
	return fmt.Sprint(sub.Sum())
}
