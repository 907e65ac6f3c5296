// Yaegi: load
package bad_several

import (
	"fmt"

	"example.org/snippets/foreignconv/sub"
)

func count() (sub.Count, error) {
	return sub.Count(func() int { return 5 }), nil // want foreignconv
}

func Run() string {
	c, err := count()
	return fmt.Sprint(c(), err)
}
