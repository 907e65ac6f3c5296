// Yaegi: hang
package bad_package

import (
	"sync"
	"time"

	"example.org/snippets/deferpassed/sub"
)

func work(out chan string) {
	wg := &sync.WaitGroup{}
	defer sub.Wait(wg) // want deferpassed
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
