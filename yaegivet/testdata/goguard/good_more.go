package good_more

import (
	"fmt"
	"sync"
	"time"

	"example.org/snippets/goguard/sub"
)

var mu sync.Mutex

var log = ""

func note(s string) {
	mu.Lock()
	log += s
	mu.Unlock()
}

func rescue() {
	if r := recover(); r != nil {
		note(fmt.Sprint(r))
	}
}

func inline() {
	defer func() {
		if r := recover(); r != nil {
			note(fmt.Sprint(r))
		}
	}()
	panic("a")
}

func declared() {
	defer rescue()
	panic("b")
}

// guarded has nothing in it that could panic, but what recovers.
func guarded(work func()) {
	done := make([]bool, 1)
	run(work, done)
	for i := 0; i < 1; i++ {
		time.Sleep(time.Millisecond)
	}
}

func run(work func(), done []bool) {
	defer rescue()
	work()
	done[0] = true
}

// later only starts what recovers.
func later() {
	time.AfterFunc(0, declared)
}

// detached holds functions that recover, and nothing else.
var detached func()

func init() { detached = declared }

// elsewhere has another package recover.
func elsewhere() {
	sub.SetSeen(note)
	go sub.Guarded(func() { panic("f") })
	time.Sleep(10 * time.Millisecond)
	go leaveToOthers()
	time.Sleep(10 * time.Millisecond)
	go sub.Detached()
	time.Sleep(10 * time.Millisecond)
	w := &sub.Worker{Name: "g"}
	go w.Run()
	time.Sleep(10 * time.Millisecond)
	go func() {
		defer sub.Rescue()
		panic("h")
	}()
	time.Sleep(10 * time.Millisecond)
	time.AfterFunc(0, func() { sub.Detached() })
	time.Sleep(10 * time.Millisecond)
}

func leaveToOthers() {
	sub.Guarded(func() { panic("i") })
	sub.Detached()
}

func Run() string {
	elsewhere()
	go inline()
	time.Sleep(10 * time.Millisecond)
	go declared()
	time.Sleep(10 * time.Millisecond)
	go guarded(func() { panic("c") })
	time.Sleep(10 * time.Millisecond)
	go func() {
		defer rescue()
		panic("d")
	}()
	time.Sleep(10 * time.Millisecond)
	time.AfterFunc(0, func() { guarded(func() { panic("e") }) })
	time.Sleep(10 * time.Millisecond)
	time.AfterFunc(0, func() { detached() })
	time.Sleep(10 * time.Millisecond)
	time.AfterFunc(0, later)
	time.Sleep(20 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	return log
}
