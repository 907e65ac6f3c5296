package good

import "time"

type server struct{ quit chan bool }

func (s *server) isOver() string {
	quit := s.quit
	select { //yaegi:ok one goroutine runs this
	case _, ok := <-quit:
		if !ok {
			return "closed"
		}
		return "received"
	case <-time.After(100 * time.Millisecond):
		return "nothing"
	}
}

func Run() string {
	s := &server{make(chan bool)}
	close(s.quit)
	return s.isOver()
}
