// Yaegi: load
package bad_maps

import (
	"fmt"
	"maps"
)

func Run() string {
	m := map[string]int{}
	maps.Copy(m, map[string]int{"a": 1}) // want inference
	return fmt.Sprint(m)
}
