// Yaegi: panic
package bad

type namer interface{ Name() string }

type thing struct{ name string }

func (t *thing) Name() string { return t.name }

func Run() string {
	var x any = &thing{"a"}
	n, ok := x.(namer) // want ifaceassert
	if !ok {
		return "none"
	}
	return n.Name()
}
