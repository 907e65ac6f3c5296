// Yaegi: wrong
package bad

import "fmt"

func counted() string {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fmt.Sprint(fs[0](), fs[1](), fs[2]())
}

func ranged() string {
	var fs []func() string
	for _, s := range []string{"a", "b", "c"} {
		fs = append(fs, func() string { return s }) // want loopvar
	}
	return fs[0]() + fs[1]() + fs[2]()
}

func inner() string {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int {
			f := func() int { return i } // want loopvar
			return f()
		})
	}
	return fmt.Sprint(fs[0](), fs[1]())
}

func Run() string {
	return counted() + "|" + ranged() + "|" + inner()
}
