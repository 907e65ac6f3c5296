// Yaegi: wrong
package bad_more

import (
	"errors"
	"fmt"
	"net"
)

type apple struct{ n int }

type pear struct{ n int }

type plum struct{ name string }

type word string

type oops struct{ text string }

func (o *oops) Error() string { return o.text }

func asError(o *oops) error { return o }

func failed(x any) string {
	switch v := x.(type) {
	case error: // want typeswitch
		return v.Error()
	}
	return "none"
}

func unbound(x any) string {
	switch x.(type) {
	case *plum: // want typeswitch
		return "plum"
	}
	return "none"
}

func list(x any) string {
	switch x.(type) {
	case []any: // want typeswitch
		return "list"
	}
	return "none"
}

func dict(x any) string {
	switch x.(type) {
	case map[string]any: // want typeswitch
		return "map"
	}
	return "none"
}

func stringer(x any) string {
	switch x.(type) {
	case fmt.Stringer: // want typeswitch
		return "stringer"
	}
	return "none"
}

func onError(err error) string {
	switch v := err.(type) {
	case *oops: // want typeswitch
		return v.text
	}
	return "none"
}

func fruit(x any) string {
	switch x := x.(type) {
	case *apple:
		return "apple"
	case *pear: // want typeswitch
		return "pear" + string(rune(x.n))
	}
	return "none"
}

func named(x any) string {
	switch x := x.(type) {
	case string:
		return "string"
	case word: // want typeswitch
		return "word" + string(x)
	}
	return "none"
}

func Run() string {
	return failed(errors.New("bad")) + "|" + unbound(&plum{}) + "|" + list([]any{1}) + "|" + dict(map[string]any{}) + "|" + stringer(net.IP{1}) + "|" + onError(asError(&oops{"oops"})) + "|" +
		fruit(&pear{65}) + "|" + named(word("w"))
}
