// Yaegi: panic
package bad_less

import "fmt"

func value(a, b int, p bool, l []int) any {
	return a < b // want anybool
}

func Run() string {
	return fmt.Sprint(value(1, 2, true, nil))
}
