package bad

import "sync"

type runner interface{ run() }

type job struct{ ch chan int }

type pool struct {
	once sync.Once
	ch   chan int
}

var (
	again  sync.Once
	chosen func(ch chan int)
	jobs   = make(chan int)
	other  = make(chan int)
)

func init() {
	for i := 0; i < 2; i++ {
		go inLoop(make(chan int))
	}
	shared(make(chan int))
	go shared(make(chan int))
	chosen = asValue
	many(make(chan int))
	jumps()
	go unknown(make(chan int))
}

func New(ch chan int) {
	go perInstance(ch)
	p := &pool{ch: ch}
	p.once.Do(func() { go perPool(p) }) // want goguard
	again = sync.Once{}
	again.Do(func() { go perReset(ch) })
	var local sync.Once
	local.Do(func() { go perLocal(ch) })
	other = ch
	select { // want select
	case <-jobs:
	case <-other:
	}
	n := len(ch)
	select { // want select
	case jobs <- n:
	}
	select {
	case jobs <- 1:
	case n := <-jobs:
		other <- n
	}
}

func inLoop(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func shared(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func asValue(ch chan int) {
	select { // want select
	case <-ch:
	}
}

// many starts a goroutine for each round of another function's loop.
func many(ch chan int) {
	for i := 0; i < 2; i++ {
		starts(ch)
	}
}

func starts(ch chan int) {
	go oneOfMany(ch)
}

func oneOfMany(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func jumps() {
again:
	go jumped(jobs)
	if len(jobs) > 0 {
		goto again
	}
}

func jumped(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func perInstance(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func perPool(p *pool) {
	select { // want select
	case <-p.ch:
	}
}

func perReset(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func perLocal(ch chan int) {
	select { // want select
	case <-ch:
	}
}

func (j *job) run() {
	select { // want select
	case <-j.ch:
	}
}

func init() {
	var r runner
	j := &job{}
	r = j
	j.run()
	go r.run() // want goguard
}

// unknown calls itself, in goroutines of its own.
func unknown(ch chan int) {
	go unknown(ch) // want successor
	select {       // want select
	case <-ch:
	}
}

func Literal() func(ch chan int) {
	return func(ch chan int) {
		select { // want select
		case <-ch:
		}
	}
}

func unused(ch chan int) {
	select { // want select
	case <-ch:
	}
}
