// Yaegi: wrong
package bad_detached

import "example.org/snippets/successor/sub"

// round needs a megabyte, and the next one comes when it is over.
func round(left int, done chan uint64) {
	needed := make([]byte, 1<<20)
	needed[0] = 1
	if left == 0 {
		done <- sub.Heap()
		return
	}
	sub.DetachedAfter(func() { round(left-1, done) }) // want successor
}

// Run tells how much more is in use in the last of 20 rounds than in the first.
func Run() string {
	done := make(chan uint64, 1)
	round(1, done)
	first := <-done
	round(20, done)
	last := <-done
	if last > first+10<<20 {
		return "all of it"
	}
	return "nothing"
}
