// Yaegi: load
package bad

import (
	"fmt"

	"example.org/snippets/foreignconv/sub"
)

func four() int { return 4 }

func count() sub.Count {
	return sub.Count(four) // want foreignconv
}

func Run() string { return fmt.Sprint(count()()) }
