// Yaegi: wrong
package bad

import (
	"errors"
	"fmt"
)

func check(i int) (err error) { // want namedresult
	if i == 0 {
		err = errors.New("zero")
	}
	return
}

func sum(n int) (total int) { // want namedresult
	for i := 0; i < n; i++ {
		total += i
	}
	return
}

func Run() string {
	text := ""
	for i := 0; i < 3; i++ {
		err := check(i)
		text += fmt.Sprint(err, " ")
	}
	text += "|"
	for i := 0; i < 2; i++ {
		text += fmt.Sprint(sum(5)+sum(1), " ")
	}
	return text
}
