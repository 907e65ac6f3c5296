// Yaegi: wrong
package bad_more

import (
	"errors"
	"fmt"
	"strings"
)

var errAbort = errors.New("abort")

var log []string

func note(v any) { log = append(log, fmt.Sprint(v)) }

func assertion() {
	defer func() {
		r := recover()
		_, ok := r.(error) // want recovered
		note(ok)
	}()
	panic(errAbort)
}

func direct() {
	defer func() {
		_, ok := recover().(string) // want recovered
		note(ok)
	}()
	panic("text")
}

func comparison() {
	defer func() {
		if r := recover(); r != nil {
			note(r == errAbort) // want recovered
		}
	}()
	panic(errAbort)
}

func typeSwitch() {
	defer func() {
		switch r := recover().(type) { // want recovered
		case string:
			note("string " + r)
		default:
			note("something")
		}
	}()
	panic("text")
}

func Run() string {
	assertion()
	direct()
	comparison()
	typeSwitch()
	return strings.Join(log, "|")
}
