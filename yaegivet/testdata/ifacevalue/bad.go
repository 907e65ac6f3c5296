// Yaegi: panic
package bad

type namer interface{ Name() string }

type thing struct{ name string }

func (t thing) Name() string { return t.name }

type holder struct{ it namer }

func Run() string {
	h := &holder{it: thing{"a"}}
	h.it = thing{"b"} // want ifacevalue
	return h.it.Name()
}
