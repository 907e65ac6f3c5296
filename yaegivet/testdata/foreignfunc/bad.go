// Yaegi: load
package bad

import (
	"strings"

	"example.org/snippets/foreignfunc/sub"
)

func Run() string {
	return strings.Map(sub.Next, "abc") // want foreignfunc
}
