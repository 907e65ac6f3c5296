package good

import (
	"fmt"

	"example.org/snippets/foreignconv/sub"
)

type holder struct{ count sub.Count }

type own func() int

func four() int { return 4 }

func variable() sub.Count {
	c := sub.Count(four)
	return c
}

func literal() sub.Count { return func() int { return 5 } }

func converted() own { return own(sub.Three) }

func level(n int) sub.Level { return sub.Level(n) }

func names(list []string) sub.Names { return sub.Names(list) }

func call(c sub.Count) int { return c() }

func Run() string {
	h := &holder{sub.Count(four)}
	s := fmt.Sprint(variable()(), literal()(), converted()(), level(2), names(nil), call(sub.Count(sub.Three)), h.count())
	h.count = sub.Count(sub.Three)
	return s + fmt.Sprint(h.count())
}
