// Yaegi: load
package bad

import (
	"fmt"
	"slices"
)

func Run() string {
	list := slices.Clone([]int{1}) // want inference
	return fmt.Sprint(list)
}
