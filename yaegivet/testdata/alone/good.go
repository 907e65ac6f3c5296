package good

import "sync"

var (
	once  sync.Once
	twice sync.Once
)

type server struct{ quit chan bool }

func init() {
	go loop(make(chan int), make(chan bool))
	go func() {
		quit := make(chan bool)
		for {
			select {
			case <-quit:
			}
		}
	}()
	s := &server{make(chan bool)}
	go s.serve() //yaegi:ok it isn't nil
	direct(s.quit)
}

func loop(in chan int, quit chan bool) {
	for {
		select {
		case <-in:
		case <-quit:
			return
		}
		wait(in)
	}
}

// wait runs in the goroutine of loop, many times.
func wait(in chan int) {
	select {
	case <-in:
	default:
	}
}

func (s *server) serve() {
	select {
	case <-s.quit:
	}
}

func direct(ch chan bool) {
	select {
	case <-ch:
	default:
	}
}

func New() {
	once.Do(func() { go first(make(chan int)) })
	twice.Do(start)
}

func first(ch chan int) {
	select {
	case <-ch:
	}
}

func start() {
	go second(make(chan int))
}

func second(ch chan int) {
	select {
	case <-ch:
	}
}
