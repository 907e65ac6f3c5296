package good

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

// What is called through a variable of the package has no caller to keep.
var nextRound func(left int, done chan uint64)

func init() { nextRound = setTimer }

func round(left int, done chan uint64) {
	defer func() { recover() }()
	needed := make([]byte, 1<<20)
	needed[0] = 1
	if left == 0 {
		done <- heap()
		return
	}
	nextRound(left, done)
}

func setTimer(left int, done chan uint64) {
	time.AfterFunc(time.Millisecond, func() { round(left-1, done) })
}

// Run tells how much more is in use in the last of 20 rounds than in the first.
func Run() string {
	done := make(chan uint64, 1)
	nextRound(1, done)
	first := <-done
	nextRound(20, done)
	last := <-done
	if last > first+10<<20 {
		return "all of it"
	}
	return "nothing"
}
