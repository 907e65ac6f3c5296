// Yaegi: crash
package bad_timer

import (
	"context"
	"sync"
	"time"
)

func compiled() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() == 0
}

func work() { panic("in a timer") }

func Run() string {
	if compiled() {
		return "native code would die as well"
	}
	wg := &sync.WaitGroup{}
	wg.Go(work) // want goguard
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() { // want goguard
		work()
	})
	cancel()
	time.AfterFunc(time.Millisecond, work) // want goguard
	time.Sleep(time.Second)
	return "survived"
}
