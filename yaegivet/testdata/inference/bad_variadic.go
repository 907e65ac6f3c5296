// Yaegi: load
package bad_variadic

import "fmt"

func first[T comparable](list ...T) T { return list[0] }

func Run() string {
	return fmt.Sprint(first(1, 2)) // want inference
}
