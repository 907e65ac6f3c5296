package good_more

import "fmt"

type holder struct{ v any }

func yes() bool { return true }

func equal(a, b int) bool { return a == b }

func id(v any) any { return v }

func called(a, b int) any { return equal(a, b) }

func variable(p bool) any {
	not := !p
	return not
}

func converted(a, b int) any { return any(a < b) }

func both(l []int) any { return len(l) > 0 && yes() }

func either(l []int, p bool) any { return l == nil || !p }

func constant() any { return !true }

func parameter[T any](v T) T { return v }

// Run has them as arguments, elements, in declarations, and as the values of
// assignments whose operands are no interfaces.
func Run() string {
	a, b, p := 1, 2, true
	s := fmt.Sprint(called(a, b), variable(p), converted(a, b), both([]int{1}), either(nil, p), constant(), parameter(p))
	s += fmt.Sprint(a == b, !p, id(a == b), id(!p))
	var v any = !p
	s += fmt.Sprint(v)
	var w any = a == b
	w = a != b
	s += fmt.Sprint(w)
	h := &holder{v: !p}
	s += fmt.Sprint(h.v)
	h.v = a < b
	s += fmt.Sprint(h.v)
	h.v = w == nil
	m := map[string]any{"a": a > b, "b": !p}
	m["c"] = a >= b
	list := append([]any{a == b, !p}, a < b, !p)
	ch := make(chan any, 1)
	ch <- !p
	x := <-ch
	return s + fmt.Sprint(h.v, m, list, x)
}
