// Yaegi: hang
package bad_wait

import (
	"sync"
	"time"
)

func work(out chan string) {
	var wg sync.WaitGroup
	defer wg.Wait() // want deferpassed
	say := func(s string) { out <- s }
	wg.Add(1)
	go func() { //yaegi:ok the wait is what is tried here
		defer wg.Done()
		time.Sleep(50 * time.Millisecond)
		say("x")
	}()
}

// Run never comes back.
func Run() string {
	out := make(chan string, 1)
	work(out)
	s := <-out
	return s
}
