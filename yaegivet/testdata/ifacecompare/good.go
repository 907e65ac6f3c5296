package good

import (
	"errors"
	"fmt"
	"reflect"
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
	kinds := map[reflect.Type]int{}
	kinds[reflect.TypeOf(1)]++
	kinds[reflect.TypeOf(2)]++
	same := reflect.TypeOf("") == reflect.TypeOf("a")
	return fmt.Sprint(x == y, none == nil, err == errGone, kinds[reflect.TypeOf(3)], same)
}
