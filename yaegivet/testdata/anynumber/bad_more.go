// Yaegi: wrong
package bad_more

import (
	"fmt"
	"time"
)

type holder struct{ v any }

func minus(a int) any {
	return -a // want anynumber
}

func negative(f float64) (any, error) {
	return -f, nil // want anynumber
}

func later(u uint8) (int, any) {
	return 1, ^u // want anynumber
}

func wait(d time.Duration) fmt.Stringer {
	return d * 2 // want anynumber
}

func Run() string {
	a, f := 7, 1.5
	s := fmt.Sprint(minus(a))
	x, _ := negative(f)
	s += "|" + fmt.Sprint(x)
	_, x = later(3)
	s += "|" + fmt.Sprint(x)
	inner := func() any {
		return -f // want anynumber
	}
	s += "|" + fmt.Sprint(inner())
	s += "|" + fmt.Sprint(wait(time.Second))
	var v any
	v = -a // want anynumber
	s += "|" + fmt.Sprint(v)
	h := &holder{}
	h.v = a % 4 // want anynumber
	s += "|" + fmt.Sprint(h.v)
	h.v = a << 1 // want anynumber
	s += "|" + fmt.Sprint(h.v)
	m := map[string]any{}
	m["k"] = ^a // want anynumber
	s += "|" + fmt.Sprint(m["k"])
	list := []any{1}
	list[0] = a >> 1 // want anynumber
	s += "|" + fmt.Sprint(list)
	var d fmt.Stringer = time.Second + time.Duration(a) // want anynumber
	s += "|" + fmt.Sprint(d)
	d = time.Second - time.Duration(a) // want anynumber
	return s + "|" + fmt.Sprint(d)
}
