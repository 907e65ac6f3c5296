package good

import (
	"fmt"
	"time"
)

var rescued = make(chan string, 2)

func work() { panic("in a goroutine") }

// guarded may be started anywhere.
func guarded() {
	defer func() {
		if r := recover(); r != nil {
			rescued <- fmt.Sprint(r)
		}
	}()
	work()
}

func Run() string {
	go guarded()
	time.AfterFunc(time.Millisecond, guarded)
	first := <-rescued
	second := <-rescued
	return first + " " + second
}
