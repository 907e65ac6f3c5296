// Yaegi: wrong
package bad_go

import "runtime"

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type worker struct {
	left int
	done chan uint64
}

func (w *worker) start() {
	go w.work() // want successor
}

// work needs a megabyte, and starts another goroutine in its place.
func (w *worker) work() {
	defer func() { recover() }()
	needed := make([]byte, 1<<20)
	needed[0] = 1
	w.left--
	if w.left == 0 {
		w.done <- heap()
		return
	}
	w.start()
}

// Run tells how much more is in use in the last of 20 goroutines than in the first.
func Run() string {
	w := &worker{left: 1, done: make(chan uint64, 1)}
	w.start()
	first := <-w.done
	w.left = 20
	w.start()
	last := <-w.done
	if last > first+10<<20 {
		return "all of it"
	}
	return "nothing"
}
