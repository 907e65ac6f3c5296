package good_more

import (
	"runtime"
	"time"
)

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What is called through these has no caller, whose frames it would keep.
var (
	detachedNextRound func(left int, done chan uint64)
	detachedWork      func(w *worker)
)

func init() {
	detachedNextRound = nextRound
	detachedWork = work
}

func round(left int, done chan uint64) {
	defer func() { recover() }()
	needed := make([]byte, 1<<20)
	needed[0] = 1
	if left == 0 {
		done <- heap()
		return
	}
	detachedNextRound(left, done)
}

func nextRound(left int, done chan uint64) {
	time.AfterFunc(time.Millisecond, func() { round(left-1, done) })
}

type worker struct {
	left int
	done chan uint64
}

func work(w *worker) {
	defer func() { recover() }()
	needed := make([]byte, 1<<20)
	needed[0] = 1
	w.left--
	if w.left == 0 {
		w.done <- heap()
		return
	}
	go detachedWork(w)
}

// A function that calls itself, and gives itself to another, starts nothing.
func walk(depth int, visit func(int)) {
	visit(depth)
	if depth > 0 {
		walk(depth-1, func(n int) { visit(n) })
	}
}

func grown(first, last uint64) string {
	if last > first+10<<20 {
		return "all of it"
	}
	return "nothing"
}

// Run tells how much more is in use in the last of 20 rounds than in the first.
func Run() string {
	done := make(chan uint64, 1)
	detachedNextRound(1, done)
	first := <-done
	detachedNextRound(20, done)
	last := <-done
	timers := grown(first, last)
	w := &worker{left: 1, done: done}
	go detachedWork(w)
	first = <-done
	w.left = 20
	go detachedWork(w)
	last = <-done
	visited := 0
	walk(3, func(n int) { visited += n })
	if visited != 6 {
		return "walk"
	}
	return timers + " " + grown(first, last)
}
