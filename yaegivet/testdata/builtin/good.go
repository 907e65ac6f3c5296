package good

import "fmt"

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func Run() string { return fmt.Sprint(min(1, 2)) }
