// Yaegi: wrong
package bad

import "fmt"

func index() string {
	i := 7
	for i = range []int{1, 2, 3} { // want rangeassign
	}
	return fmt.Sprint(i)
}

func both() string {
	k, v := "", 0
	for k, v = range map[string]int{"a": 1} { // want rangeassign
	}
	return fmt.Sprint(k, v)
}

func value() string {
	v := 0
	for _, v = range []int{5} { // want rangeassign
	}
	return fmt.Sprint(v)
}

func Run() string { return index() + "|" + both() + "|" + value() }
