package good_more

import (
	"fmt"

	"example.org/snippets/shadow/sub"
)

func only(sub *sub.Point) int { return sub.X }

func behind(from *sub.Point, sub *sub.Point) int { return from.X + sub.X }

func together(sub, from *sub.Point) int { return from.X + sub.X }

func whole(sub string, from sub.Point) int { return from.X + len(sub) }

func called(sub string, make func(sub.Level) sub.Point) int { return make(3).X + len(sub) }

func result(sub *sub.Point, n int) (*sub.Point, error) { return sub, nil }

type scale struct {
	Level int
	sub   sub.Point
}

func (sub *scale) get() sub.Level { return 1 }

func (sub *scale) list() []int { return []int{sub.Level, sub.Level} }

func (sub *scale) double() scale { return scale{Level: sub.Level * 2} }

func local() *sub.Point {
	sub := &sub.Point{X: 5}
	sub.X++
	return sub
}

type user interface {
	use(sub string, from *sub.Point) int
}

type uses func(sub string, from *sub.Point) int

func Run() string {
	p := sub.Get()
	r, err := result(&p, 1)
	s := &scale{3, p}
	var u uses
	var i user
	total := 0
	for _, sub := range []sub.Point{p, p} {
		total += sub.X
	}
	return fmt.Sprint(only(&p), behind(&p, &p), together(&p, &p), whole("a", p), called("b", made), r.X, err,
		s.get(), s.list(), s.double().Level, s.sub.X, local().X, u == nil, i == nil, total, sub.Get())
}

func made(l sub.Level) sub.Point { return sub.Point{X: int(l)} }
