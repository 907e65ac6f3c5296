// Yaegi: wrong
package bad

import "fmt"

type namer interface{ Name() string }

type thing struct{ name string }

func (t *thing) Name() string { return t.name }

func asNamer(t *thing) namer { return t }

func Run() string {
	t := &thing{"a"}
	x, y := asNamer(t), asNamer(t)
	return fmt.Sprint(x == y) + "|" + // want ifacecompare
		fmt.Sprint(x != y) // want ifacecompare
}
