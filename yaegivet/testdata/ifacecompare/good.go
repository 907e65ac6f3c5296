package good

import (
	"errors"
	"fmt"
)

type thing struct{ name string }

type namer interface{ Name() string }

func (t *thing) Name() string { return t.name }

var errGone = errors.New("gone")

func fetch() error { return errGone }

func Run() string {
	x := &thing{"a"}
	y := x
	var none namer
	err := fetch()
	return fmt.Sprint(x == y, none == nil, err == errGone)
}
