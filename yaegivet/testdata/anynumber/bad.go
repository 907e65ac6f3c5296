// Yaegi: wrong
package bad

import "fmt"

func minus(n int) any {
	return -n // want anynumber
}

func Run() string {
	n := 7
	var rest any
	rest = n % 4 // want anynumber
	return fmt.Sprint(minus(n)) + "|" + fmt.Sprint(rest)
}
