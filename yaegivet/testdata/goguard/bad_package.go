// Yaegi: crash
package bad_package

import (
	"time"

	"example.org/snippets/goguard/sub"
)

func compiled() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() == 0
}

// both recovers from one of two.
func both() {
	sub.Guarded(func() {})
	sub.Careless()
}

func Run() string {
	if compiled() {
		return "native code would die as well"
	}
	w := &sub.Worker{Name: "worker"}
	go sub.Careless() // want goguard
	go sub.Open()     // want goguard
	go w.Careless()   // want goguard
	go both()         // want goguard
	open := sub.Open
	time.AfterFunc(time.Millisecond, open)    // want goguard
	time.AfterFunc(time.Millisecond, func() { // want goguard
		sub.Careless()
	})
	time.Sleep(time.Second)
	return "survived"
}
