// Yaegi: hang
package bad_literal

func call(f func()) { f() }

func work(s *string) {
	defer call(func() { *s += "done" }) // want deferpassed
	*s += "go "
}

// Run never comes back.
func Run() string {
	s := ""
	work(&s)
	return s
}
