// Yaegi: load
package bad_own

import "fmt"

func count[M map[K]V, K comparable, V any](m M) int { return len(m) }

func Run() string {
	return fmt.Sprint(count(map[string]int{"a": 1})) // want inference
}
