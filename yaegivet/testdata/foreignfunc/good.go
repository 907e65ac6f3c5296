package good

import (
	"strings"

	"example.org/snippets/foreignfunc/sub"
)

var next func(rune) rune

func init() { next = func(r rune) rune { return r + 3 } }

func mapped(f func(rune) rune) string { return strings.Map(f, "abc") }

func Run() string {
	first := sub.Next
	literal := strings.Map(func(r rune) rune { return sub.Next(r) }, "abc")
	return strings.Map(first, "abc") + literal + mapped(sub.Next) + strings.Map(sub.After, "abc") + strings.Map(next, "abc")
}
