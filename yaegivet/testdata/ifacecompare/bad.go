// Yaegi: wrong
package bad

import "fmt"

type namer interface{ Name() string }

type thing struct{ name string }

func (t *thing) Name() string { return t.name }

func asNamer(t *thing) namer { return t }

func keys(t *thing) string {
	m := map[namer]int{} // want ifacecompare
	m[asNamer(t)]++
	m[asNamer(t)]++
	return fmt.Sprint(len(m))
}

func anys(a, b any) string {
	return fmt.Sprint(a == b) // want ifacecompare
}

func Run() string {
	t := &thing{"a"}
	x, y := asNamer(t), asNamer(t)
	return keys(t) + "|" + anys(t, t) + "|" +
		fmt.Sprint(x == y) + "|" + // want ifacecompare
		fmt.Sprint(x != y) // want ifacecompare
}
