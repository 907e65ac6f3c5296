// Yaegi: wrong
package bad

type a struct{ name string }

type b struct{ name string }

type level string

type named interface{ title() string }

func (x *a) title() string { return "a" }

func (x *b) title() string { return "b" }

func isA(v any) string {
	if _, ok := v.(*a); ok { // want typetwin
		return "a"
	}
	return "other"
}

func isNamedA(v named) string {
	if _, ok := v.(*a); ok { // want typetwin
		return "a"
	}
	return "other"
}

func isLevel(v any) string {
	if _, ok := v.(level); ok { // want typetwin
		return "level"
	}
	return "other"
}

// Run asks for other types than those that are there.
func Run() string {
	var n named = &b{"n"}
	return isA(&b{"b"}) + "|" + isNamedA(n) + "|" + isLevel("text")
}
