package good

import (
	"errors"
	"fmt"
)

func check(i int) error {
	if i == 0 {
		return errors.New("zero")
	}
	return nil
}

func guarded(i int) (ok bool) { //yaegi:ok the defer needs it, and it is assigned first
	ok = false
	defer func() {
		if r := recover(); r != nil {
			ok = false
		}
	}()
	if i == 1 {
		panic("one")
	}
	ok = true
	return ok
}

func Run() string {
	text := ""
	for i := 0; i < 3; i++ {
		err := check(i)
		ok := guarded(i)
		text += fmt.Sprint(err, ok, " ")
	}
	return text
}
