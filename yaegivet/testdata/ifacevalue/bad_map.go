// Yaegi: panic
package bad_map

type namer interface{ Name() string }

type thing struct{ name string }

func (t thing) Name() string { return t.name }

func Run() string {
	m := map[string]namer{}
	m["a"] = thing{"a"} // want ifacevalue
	m["a"] = thing{"b"} // want ifacevalue
	return m["a"].Name()
}
