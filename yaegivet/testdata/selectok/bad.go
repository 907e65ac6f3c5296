// Yaegi: wrong
package bad

import "time"

type server struct{ quit chan bool }

func (s *server) isOver() string {
	select { // want select
	case _, ok := <-s.quit: // want selectok
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
