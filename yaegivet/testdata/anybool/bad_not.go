// Yaegi: panic
package bad_not

import "fmt"

func value(a, b int, p bool, l []int) any {
	return !p // want anybool
}

func Run() string {
	return fmt.Sprint(value(1, 2, true, nil))
}
