// Yaegi: wrong
package bad_package

import (
	"fmt"

	"example.org/snippets/recoverresult/sub"
)

func safe(f func()) bool { // want recoverresult
	defer sub.Rescue()
	f()
	return true
}

func Run() string {
	ok := safe(func() {})
	ok = safe(func() { panic("no") })
	return fmt.Sprint(ok)
}
