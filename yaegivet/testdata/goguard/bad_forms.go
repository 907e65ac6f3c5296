// Yaegi: crash
package bad_forms

import "time"

func compiled() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() == 0
}

type worker struct{ work func() }

func (w *worker) run() { w.work() }

func quiet() {
	defer func() { recover() }()
}

func careless() {
	quiet()
	panic("behind what recovers")
}

func Run() string {
	if compiled() {
		return "native code would die as well"
	}
	w := &worker{func() { panic("in a method") }}
	go w.run()    // want goguard
	go careless() // want goguard
	go w.work()   // want goguard
	go func() {   // want goguard
		w.work()
	}()
	time.Sleep(time.Second)
	return "survived"
}
