package zk

import (
	"math/rand"
	"time"
)

// A server may accept sessions and end them at once. From the second time on,
// the client pauses before it asks for the next one, longer each time.
const (
	shortSession   = time.Second
	firstPause     = 100 * time.Millisecond
	pauseDoublings = 5
)

// pauseAfter waits after so many short sessions in a row, and tells whether the
// connection is to be closed. Half of the pause is chance, so that the clients
// of one server come back at different times.
func (c *Conn) pauseAfter(shortSessions int) bool {
	if shortSessions < 2 {
		return isClosed(c.shouldQuit)
	}
	pause := firstPause
	for i := 2; i < shortSessions && i < 2+pauseDoublings; i++ {
		pause *= 2
	}
	pause = pause/2 + time.Duration(rand.Int63n(int64(pause/2)))
	chosen, _ := receiveFirst(time.After(pause), c.shouldQuit)
	return chosen == 1
}
