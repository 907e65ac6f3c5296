// Yaegi: panic
package bad

import "fmt"

func three() int { return 3 }

func counter() func() int {
	return three // want returnfunc
}

func Run() string { return fmt.Sprint(counter()()) }
