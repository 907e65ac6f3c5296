// Yaegi: panic
package bad_several

import "fmt"

func three() int { return 3 }

func both() (func() int, error) {
	return three, nil // want returnfunc
}

func counter() func() int {
	f, _ := both()
	return f
}

func Run() string { return fmt.Sprint(counter()()) }
