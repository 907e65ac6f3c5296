package sub

import (
	"runtime"
	"time"
)

func Heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// After starts what it is given.
func After(work func()) {
	time.AfterFunc(time.Millisecond, func() {
		defer func() { recover() }()
		work()
	})
}

// DetachedAfter has no caller, but what it is given has.
var DetachedAfter func(work func())

func init() { DetachedAfter = After }

// Worker is called back without being given a function.
type Worker interface{ Work() }

var DetachedWork func(w Worker)

func init() { DetachedWork = work }

func work(w Worker) {
	time.AfterFunc(time.Millisecond, func() {
		defer func() { recover() }()
		w.Work()
	})
}
