// Yaegi: load
package bad_copy

type action func() string

func (a action) do() string { return a() }

type holder struct{ act action }

// Run calls the method of a copy of a field.
func Run() string {
	h := &holder{act: func() string { return "a" }}
	act := h.act
	return act.do() // want funcmethod
}
