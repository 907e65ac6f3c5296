// Yaegi: panic
package bad_native

import "fmt"

type thing struct{ name string }

func (t *thing) String() string { return t.name }

func asStringer(t *thing) fmt.Stringer { return t }

func same(a, b fmt.Stringer) bool {
	return a == b // want ifacecompare
}

func Run() string {
	t := &thing{"a"}
	return fmt.Sprint(same(asStringer(t), asStringer(t)))
}
