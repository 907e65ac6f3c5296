// Yaegi: wrong
package bad

import (
	"fmt"
	"reflect"
	"strings"
)

func Run() string {
	text := ""
	show := func() {
		functions := map[string]any{"upper": upper} // want laterfunc
		result := reflect.ValueOf(functions["upper"]).Call([]reflect.Value{reflect.ValueOf('a')})
		text = fmt.Sprint(strings.Map(upper, "abc"), result[0]) // want laterfunc
	}
	show()
	return text
}

func upper(r rune) rune { return r - 32 }
