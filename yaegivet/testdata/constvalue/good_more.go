package good_more

import (
	"fmt"
	"time"
)

type kind int

const (
	created kind = iota
	changed
	gone
)

type level int

const (
	low = level(iota + 1)
	high
)

type place int

const (
	first  place = 1
	second place = first + 1
	third        = second + 1
	before place = -1
)

const (
	untyped = iota + 1
	more
)

const (
	text                = "a" + "b"
	pause               = 5 * time.Second
	wait  time.Duration = 2 * time.Second
)

func get() kind { return changed }

func Run() string {
	names := map[level]string{low: "low", high: "high"}
	places := map[place]bool{first: true, second: true, third: true, before: true}
	h, n, s, d, w := high, more, text, pause, wait
	return fmt.Sprint(get() == changed, created == gone, names[h], names[high], h == high, places[third], places[before],
		n == more, untyped, s == text, d == pause, w == wait, second == third)
}
