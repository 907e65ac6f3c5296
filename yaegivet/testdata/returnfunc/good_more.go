package good_more

import (
	"fmt"
	"net/http"
	"strings"

	"example.org/snippets/returnfunc/sub"
)

type count func() int

type holder struct {
	f func() int
	n int
}

func (h *holder) number() int { return h.n }

func three() int { return 3 }

func handle(w http.ResponseWriter, r *http.Request) {}

func literal() func() int { return func() int { return three() } }

func converted() count { return count(three) }

func handler() http.HandlerFunc { return handle }

func upper() func(string) string { return strings.ToUpper }

func (h *holder) method() func() int { return h.number }

func given(f func() int) func() int { return f }

func typed() func() int {
	var f func() int = three
	return f
}

func field() func() int {
	h := &holder{f: three}
	return h.f
}

func elsewhere() func() int { return func() int { return sub.Three() } }

func elsewhereConverted() count { return count(sub.Three) }

func elsewhereVariable() func() int { return sub.Shared }

func Run() string {
	h := &holder{n: 4}
	s := fmt.Sprint(literal()(), converted()(), handler() != nil, upper()("a"), h.method()(), given(three)(), typed()(), field()(), elsewhere()(), elsewhereConverted()(), elsewhereVariable()())
	var f func() int
	f = three
	h.f = three
	return s + fmt.Sprint(f(), h.f())
}
