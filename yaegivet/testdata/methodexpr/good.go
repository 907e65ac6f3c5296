package good

import (
	"fmt"
	"net/http"
)

type thing struct{ n int }

func (t *thing) number() int { return t.n }

func Run() string {
	f := func(t *thing) int { return t.number() }
	get := func(h http.Header, k string) string { return h.Get(k) }
	t := &thing{4}
	number := t.number
	return fmt.Sprint(f(&thing{3}), get(http.Header{"A": {"b"}}, "a"), number())
}
