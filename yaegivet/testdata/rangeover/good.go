package good

import "fmt"

func Run() string {
	n := 0
	for i := 0; i < 3; i++ {
		n += i
	}
	for i := range "abc" {
		n += i
	}
	return fmt.Sprint(n)
}
