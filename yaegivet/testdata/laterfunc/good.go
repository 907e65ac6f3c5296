package good

import (
	"fmt"
	"reflect"
	"strings"

	"example.org/snippets/laterfunc/sub"
)

func earlier(r rune) rune { return r - 32 }

func call(f func(rune) rune) string { return string(f('a')) }

func handOver() string { return strings.Map(upper, "abc") }

func Run() string {
	text := ""
	show := func() {
		functions := map[string]any{"upper": earlier}
		result := reflect.ValueOf(functions["upper"]).Call([]reflect.Value{reflect.ValueOf('a')})
		f := upper
		calls := func(r rune) rune { return upper(r) }
		text = fmt.Sprint(strings.Map(earlier, "abc"), result[0], call(upper), string(f('a')), strings.Map(calls, "abc"), handOver(), strings.Map(sub.Upper, "abc"))
	}
	show()
	return text
}

func upper(r rune) rune { return r - 32 }
