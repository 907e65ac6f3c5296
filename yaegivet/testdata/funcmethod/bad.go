// Yaegi: load
package bad

type action func() string

func (a action) do() string { return a() }

type holder struct{ act action }

// Run calls the method of a field.
func Run() string {
	h := &holder{act: func() string { return "a" }}
	return h.act.do() // want funcmethod
}
