// Yaegi: load
package bad_argument

import "strings"

func call(f func()) { f() }

func Run() string {
	b := &strings.Builder{}
	b.WriteString("a")
	call(b.Reset) // want methodvalue
	return b.String()
}
