// Yaegi: panic
package bad

import "fmt"

func double(i int) int { return 2 * i }

func Run() string {
	var all []func(int) int
	all = append(all, double) // want appendfunc
	return fmt.Sprint(all[0](1))
}
