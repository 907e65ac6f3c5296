// Yaegi: load
package bad_own

import "fmt"

type sum func(values ...int) int

type holder struct{ sum sum }

func add(values ...int) int {
	total := 0
	for _, v := range values {
		total += v
	}
	return total
}

func Run() string {
	h := holder{sum: add}
	return fmt.Sprint(h.sum(1, 2, 3)) // want variadicfield
}
