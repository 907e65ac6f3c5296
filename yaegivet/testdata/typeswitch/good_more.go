package good_more

import (
	"fmt"
	"net"
)

type apple struct{ seeds int }

type plum struct{ name string }

func fruit(x any) string {
	switch x := x.(type) {
	case *apple:
		return fmt.Sprint("apple", x.seeds)
	case *plum:
		return "plum" + x.name
	case nil:
		return "nil"
	}
	return "none"
}

func basic(x any) string {
	switch x.(type) {
	case string:
		return "string"
	case []string:
		return "strings"
	}
	switch x := x.(type) {
	case []any:
		return "list" + fmt.Sprint(len(x))
	case fmt.Stringer:
		return x.String()
	}
	return "none"
}

func asserted(x any) string {
	if err, ok := x.(error); ok {
		return err.Error()
	}
	return "none"
}

func Run() string {
	return fruit(&apple{1}) + fruit(&plum{"p"}) + fruit(nil) + basic("s") + basic([]any{1}) + basic([]string{"a"}) + basic(net.IPv4(1, 2, 3, 4)) + asserted(fmt.Errorf("e"))
}
