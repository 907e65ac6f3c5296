// Yaegi: panic
package bad_compare

import "fmt"

func is(x any, n int) string {
	var v any
	v = x == n // want anybool
	return fmt.Sprint(v)
}

func Run() string { return is(7, 7) }
