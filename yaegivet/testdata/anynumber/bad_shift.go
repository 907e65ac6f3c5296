// Yaegi: panic
package bad_shift

import "fmt"

func value(a int) any {
	return a << 1 // want anynumber
}

func Run() string { return fmt.Sprint(value(7)) }
