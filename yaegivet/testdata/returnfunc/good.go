package good

import "fmt"

type number func() int

func three() int { return 3 }

func counter() func() int {
	return func() int { return three() }
}

func converted() number { return number(three) }

func Run() string { return fmt.Sprint(counter()(), converted()()) }
