// Yaegi: panic
package bad_named

import "fmt"

func three() int { return 3 }

type count func() int

func counter() count {
	return three // want returnfunc
}

func Run() string { return fmt.Sprint(counter()()) }
