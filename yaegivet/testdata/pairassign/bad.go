// Yaegi: wrong
package bad

import "fmt"

func three() int { return 3 }

func Run() string {
	a, b := 1, 2
	a, b = three(), 7 // want pairassign
	text := fmt.Sprint(a, b)
	list, size := []int{4}, 1 // want pairassign
	return text + "|" + fmt.Sprint(list, size)
}
