// Yaegi: hang
package bad_nested

func work(s *string) {
	fin := func() { *s += "done" }
	defer func() { // want deferclosure
		fin()
	}()
	*s += "go "
}

func Run() string {
	s := ""
	work(&s)
	return s
}
