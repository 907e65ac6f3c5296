package good

import "fmt"

func value(a, b int, p bool, l []int) any {
	same := a == b
	return same
}

func Run() string {
	return fmt.Sprint(value(1, 2, true, nil))
}
