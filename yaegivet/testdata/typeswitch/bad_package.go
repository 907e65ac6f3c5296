// Yaegi: wrong
package bad_package

import "example.org/snippets/typeswitch/sub"

type apple struct{ n int }

func kind(v any) string {
	switch v := v.(type) {
	case *apple:
		v.n++
		return "apple"
	case *sub.Pear: // want typeswitch
		return "pear"
	}
	return "none"
}

func Run() string { return kind(sub.Make()) }
