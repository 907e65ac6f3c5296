package good_more

import (
	"fmt"
	"time"
)

type holder struct{ v any }

type level int

func (l level) high() bool { return l > 3 }

type leveled interface{ high() bool }

func negative(f float64) float64 { return -f }

func id(v any) any { return v }

func called(f float64) any { return negative(f) }

func variable(a int) any {
	n := -a
	return n
}

func converted(a int) any { return any(-a) }

func sum(a, b int) (any, any, any, any) { return a + b, a * b, a - b, a / b }

func bits(a, b int) (any, any, any) { return a & b, a | b, a ^ b }

func joined(s string) any { return s + "x" }

func within(a int) (any, any) { return -a + 1, a%4 + 1 }

func plus(a int) any { return +a }

func constant() any { return -1 }

func shifted(u uint) any { return 1 << u }

func raise(l level) leveled { return l + 1 }

func wait(d time.Duration) fmt.Stringer {
	twice := d * 2
	return twice
}

// Run has them as arguments, elements and in declarations.
func Run() string {
	a := 7
	s := fmt.Sprint(called(1.5), variable(a), converted(a), joined("a"), plus(a), constant(), shifted(3))
	v, w, x, y := sum(a, 2)
	s += fmt.Sprint(v, w, x, y)
	v, w, x = bits(a, 2)
	s += fmt.Sprint(v, w, x)
	v, w = within(a)
	s += fmt.Sprint(v, w, raise(3).high(), wait(time.Second))
	s += fmt.Sprint(-a, a%4, id(-a), id(a%4), id(a<<1))
	var z any = -a
	z = a + 1
	s += fmt.Sprint(z)
	h := &holder{v: -a}
	s += fmt.Sprint(h.v)
	h.v = a * 2
	m := map[string]any{"a": -a, "b": a % 4}
	m["c"] = a - 1
	list := append([]any{-a, a << 1}, ^a, a%4)
	ch := make(chan any, 1)
	ch <- -a
	got := <-ch
	return s + fmt.Sprint(h.v, m, list, got)
}
