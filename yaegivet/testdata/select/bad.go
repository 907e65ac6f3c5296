// Yaegi: wrong or crash
package bad

import (
	"sync/atomic"
	"time"
)

type mail struct{ to int }

var stray atomic.Int64

func watch(me int, ch chan *mail, quit chan bool) bool {
	select { // want select
	case m := <-ch:
		if m.to != me {
			stray.Add(1)
		}
		return true
	case <-quit:
		return false
	}
}

func worker(me int, done *atomic.Int64) {
	quit := make(chan bool)
	ch := make(chan *mail, 1)
	for i := 0; i < 1000; i++ {
		ch <- &mail{me}
		watch(me, ch, quit)
		if len(ch) > 0 {
			stray.Add(1)
			<-ch
		}
	}
	done.Add(1)
}

// round returns false where a worker waits for a value that went elsewhere.
func round() bool {
	done := &atomic.Int64{}
	for i := 0; i < 8; i++ {
		go worker(i, done) // want goguard
	}
	for i := 0; i < 2000 && done.Load() < 8; i++ {
		time.Sleep(time.Millisecond)
	}
	return done.Load() == 8
}

func Run() string {
	for i := 0; i < 50; i++ {
		if !round() || stray.Load() > 0 {
			return "stray"
		}
	}
	return "all arrived"
}
