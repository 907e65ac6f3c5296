// Yaegi: panic
package bad_isnil

import "fmt"

func value(a, b int, p bool, l []int) any {
	return l != nil // want anybool
}

func Run() string {
	return fmt.Sprint(value(1, 2, true, nil))
}
