package good_defers

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var rescued atomic.Int64

func work() { panic("in a goroutine") }

// Run starts goroutines that recover in their second deferred call, and one in which
// nothing can panic.
func Run() string {
	wg := &sync.WaitGroup{}
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if r := recover(); r != nil {
					rescued.Add(1)
				}
			}()
			work()
		}()
	}
	results := make(chan string)
	go func() {
		wg.Wait()
		results <- fmt.Sprint(rescued.Load())
	}()
	text := <-results
	return text
}
