// Yaegi: load
package bad_sort

import "slices"

var list = []string{"b", "a"}

func Run() string {
	slices.Sort(list) // want symbol inference
	return list[0]
}
