// Yaegi: hang
package bad_once

import "sync"

func work(s *string) {
	var once sync.Once
	fin := func() { *s += "done" }
	defer once.Do(fin) // want deferpassed
	*s += "go "
}

// Run never comes back.
func Run() string {
	s := ""
	work(&s)
	return s
}
