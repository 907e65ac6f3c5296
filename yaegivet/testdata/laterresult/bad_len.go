// Yaegi: panic
package bad_len

import "fmt"

func sized(s string) (string, int) {
	return s, len(s) // want laterresult
}

func Run() string {
	s, n := sized("abc")
	return fmt.Sprint(s, n)
}
