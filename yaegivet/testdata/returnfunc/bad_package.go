// Yaegi: load
package bad_package

import "fmt"

func three() int { return 3 }

var shared = three

func counter() func() int {
	return shared // want returnfunc
}

func Run() string { return fmt.Sprint(counter()()) }
