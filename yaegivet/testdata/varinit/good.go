package good

import "fmt"

var base = 21

var viaFunction = double()

var direct = later + 1

var later = 1

var table map[string]int

var size = 5

func init() { table = map[string]int{"size": size} }

func double() int { return 2 * base }

func Run() string { return fmt.Sprint(viaFunction, direct, table["size"]) }
