package good

import "fmt"

func safe(f func()) bool {
	done := make([]bool, 1)
	run(f, done)
	return done[0]
}

func run(f func(), done []bool) {
	defer func() {
		recover()
	}()
	f()
	done[0] = true
}

func named(f func()) (ok bool) {
	ok = false
	defer func() {
		if r := recover(); r != nil {
			ok = false
		}
	}()
	f()
	ok = true
	return ok
}

func Run() string {
	text := ""
	for _, f := range []func(){func() {}, func() { panic("no") }} {
		ok := safe(f)
		other := named(f)
		text += fmt.Sprint(ok, other)
	}
	return text
}
