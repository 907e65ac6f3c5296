// Yaegi: crash
package bad_variable

import "time"

func compiled() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() == 0
}

var detached func()

func init() { detached = work }

func work() { panic("in a variable") }

func Run() string {
	if compiled() {
		return "native code would die as well"
	}
	go detached() // want goguard
	time.Sleep(time.Second)
	return "survived"
}
