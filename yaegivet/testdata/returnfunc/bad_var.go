// Yaegi: panic
package bad_var

import "fmt"

func three() int { return 3 }

func counter() func() int {
	f := three
	return f // want returnfunc
}

func Run() string { return fmt.Sprint(counter()()) }
