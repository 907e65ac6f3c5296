package good_same

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// These are the same for all goroutines.
var (
	jobs  = make(chan int, 100)
	done  = make(chan bool)
	ticks = make(chan struct{}, 1)
)

var sum, nudges atomic.Int64

func worker(finished *sync.WaitGroup) {
	defer finished.Done()
	for {
		select {
		case n := <-jobs:
			sum.Add(int64(n))
		case <-done:
			return
		}
		select {
		case ticks <- struct{}{}:
			nudges.Add(1)
		default:
		}
		select {
		case <-ticks:
			nudges.Add(-1)
		default:
		}
		select {
		default:
		}
	}
}

func idle() {
	select {}
}

func Run() string {
	finished := &sync.WaitGroup{}
	for i := 0; i < 8; i++ {
		finished.Add(1)
		go worker(finished)
		go idle()
	}
	for i := 1; i <= 20000; i++ {
		jobs <- i
	}
	for len(jobs) > 0 {
		jobs <- 0
	}
	close(done)
	finished.Wait()
	return fmt.Sprint(sum.Load(), nudges.Load() == int64(len(ticks)))
}
