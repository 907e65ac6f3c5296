package good

import (
	"sync"
	"time"
)

func call(f func()) { f() }

func given(fin func()) { defer call(fin) }

func say(out chan string, s string) { out <- s }

func work(out chan string) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		time.Sleep(50 * time.Millisecond)
		say(out, "x")
	}()
}

// Run comes back.
func Run() string {
	s := ""
	given(func() { s += "given " })
	func() {
		var once sync.Once
		defer once.Do(func() { s += "once " })
	}()
	out := make(chan string, 1)
	work(out)
	said := <-out
	return s + said
}
