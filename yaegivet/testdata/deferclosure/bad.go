// Yaegi: hang
package bad

func work(s *string) {
	fin := func() { *s += "done" }
	defer fin() // want deferclosure
	*s += "go "
}

func Run() string {
	s := ""
	work(&s)
	return s
}
