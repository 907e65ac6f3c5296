// Yaegi: panic
package bad_rem

import "fmt"

func value(a int) any {
	return a % 2 // want anynumber
}

func Run() string { return fmt.Sprint(value(7)) }
