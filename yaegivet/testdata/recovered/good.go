package good

import (
	"errors"
	"fmt"
)

var errAbort = errors.New("abort")

func work(seen []string) {
	defer func() {
		if r := recover(); r != nil {
			seen[0] = fmt.Sprint(r)
		}
	}()
	panic(errAbort)
}

func Run() string {
	seen := make([]string, 1)
	work(seen)
	return seen[0]
}
