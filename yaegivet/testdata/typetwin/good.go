package good

type a struct {
	name string `kind:"a"`
}

type b struct {
	name string `kind:"b"`
}

type plain struct{ name string }

type named interface{ title() string }

func (x *a) title() string { return x.name }

func (x *b) title() string { return x.name }

// unnamed has plain's layout, but can't be a named.
type unnamed struct{ name string }

func (x *plain) title() string { return x.name }

func isA(v any) string {
	if _, ok := v.(*a); ok {
		return "a"
	}
	return "other"
}

func isPlain(v named) string {
	if x, ok := v.(*plain); ok {
		return x.name
	}
	return "other"
}

// Run asks for types that differ.
func Run() string {
	u := &unnamed{"u"}
	var n, m named = &b{"n"}, &plain{"p"}
	return isA(&b{"b"}) + isA(&a{"a"}) + isPlain(n) + isPlain(m) + u.name
}
