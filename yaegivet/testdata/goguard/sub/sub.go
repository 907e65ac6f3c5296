package sub

import "fmt"

var Seen func(text string)

func SetSeen(f func(text string)) { Seen = f }

func Rescue() {
	if r := recover(); r != nil {
		Seen(fmt.Sprint(r))
	}
}

// Guarded runs what may panic.
func Guarded(work func()) {
	defer Rescue()
	work()
}

func Careless() { panic("in another package") }

// Detached holds a function that recovers, and Open one that doesn't.
var (
	Detached func()
	Open     func()
)

func init() {
	Detached = detached
	Open = Careless
}

func detached() {
	defer Rescue()
	panic("detached")
}

type Worker struct{ Name string }

func (w *Worker) Run() {
	defer Rescue()
	panic(w.Name)
}

func (w *Worker) Careless() { panic(w.Name) }
