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

func guarded(i int) (ok bool) {
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

func half(i int) (n int, err error) {
	if i%2 == 1 {
		return 0, errors.New("odd")
	}
	return i / 2, nil
}

func Run() string {
	text := ""
	for i := 0; i < 3; i++ {
		err := check(i)
		ok := guarded(i)
		n, odd := half(i)
		text += fmt.Sprint(err, ok, n, odd, " ")
	}
	return text
}
