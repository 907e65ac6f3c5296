// Yaegi: wrong
package bad

import "fmt"

var viaFunction = double() // want varinit

var viaMethod = unit{}.size() // want varinit

var base = 21

func double() int { return twice(1) }

func twice(n int) int { return 2 * n * base }

type unit struct{}

func (unit) size() int { return base }

func Run() string { return fmt.Sprint(viaFunction) + "|" + fmt.Sprint(viaMethod) }
