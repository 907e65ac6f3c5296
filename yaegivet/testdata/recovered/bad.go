// Yaegi: wrong
package bad

import (
	"errors"
	"fmt"
)

var errAbort = errors.New("abort")

func work(seen []string) {
	defer func() {
		r := recover()
		_, isError := r.(error) // want recovered
		seen[0] = fmt.Sprint(isError)
		seen[1] = fmt.Sprint(r == errAbort) // want recovered
	}()
	panic(errAbort)
}

func Run() string {
	seen := make([]string, 2)
	work(seen)
	return seen[0] + "|" + seen[1]
}
