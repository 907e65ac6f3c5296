// Yaegi: panic
package bad_assign

import "fmt"

func Run() string {
	p := true
	m := map[string]any{}
	m["k"] = !p // want anybool
	return fmt.Sprint(m)
}
