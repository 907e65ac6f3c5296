package good

import "fmt"

func minus(n int) any {
	m := -n
	return m
}

func Run() string {
	n := 7
	var rest any
	r := n % 4
	rest = r
	return fmt.Sprint(minus(n)) + "|" + fmt.Sprint(rest)
}
