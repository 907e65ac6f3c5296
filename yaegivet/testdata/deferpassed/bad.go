// Yaegi: hang
package bad

func call(f func()) { f() }

func work(s *string) {
	fin := func() { *s += "done" }
	defer call(fin) // want deferpassed
	*s += "go "
}

// Run never comes back.
func Run() string {
	s := ""
	work(&s)
	return s
}
