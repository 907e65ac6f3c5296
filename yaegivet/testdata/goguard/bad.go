// Yaegi: crash
package bad

import "time"

func work() { panic("in a goroutine") }

func Run() string {
	if compiled() {
		return "native code would die as well"
	}
	go work() // want goguard
	time.Sleep(time.Second)
	return "survived"
}

// compiled tells who runs this: the interpreter shows a loop one variable.
func compiled() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() == 0
}
