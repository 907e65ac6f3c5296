// Yaegi: load
package bad_func

import "fmt"

func each[T, U any](list []T, f func(T) U) []U {
	var all []U
	for _, v := range list {
		all = append(all, f(v))
	}
	return all
}

func Run() string {
	return each([]int{1}, func(i int) string { return fmt.Sprint(i) })[0] // want inference
}
