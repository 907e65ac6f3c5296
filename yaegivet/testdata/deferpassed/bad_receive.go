// Yaegi: hang
package bad_receive

import "time"

func work(out chan string) {
	done := make(chan bool)
	say := func(s string) { out <- s }
	defer func() { // want deferpassed
		<-done
	}()
	go func() { //yaegi:ok the wait is what is tried here
		time.Sleep(50 * time.Millisecond)
		say("x")
		close(done)
	}()
}

// Run never comes back.
func Run() string {
	out := make(chan string, 1)
	work(out)
	s := <-out
	return s
}
