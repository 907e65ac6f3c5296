package good

import (
	"errors"
	"fmt"
)

func Run() string {
	n := 1
	p := &n
	err := errors.New("x")
	s := "no"
	if p != nil {
		s = "yes"
	}
	return s + fmt.Sprint(err != nil, nil == p, nil == err)
}
