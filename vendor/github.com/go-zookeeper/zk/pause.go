package zk

import (
	"math/rand"
	"time"
)

// A client that finds no server, or none that keeps its session, pauses before
// it tries them again. Each pause has a random length below a bound, which
// doubles from one to the next: a thousand clients that lost the same servers
// must not come back all at once. The last bound leaves time to be back within
// a second of the servers' recovery.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 800 * time.Millisecond

	// Servers that accept sessions and end them sooner have not recovered.
	shortSession = time.Second
)

// pauses are those since the last session that wasn't short.
type pauses struct {
	taken int
	due   bool // the last session was short
}

// begin returns the length of the next pause. No bound exceeds longest.
func (p *pauses) begin(longest time.Duration) time.Duration {
	bound := firstPause
	for i := 0; i < p.taken && bound < longest; i++ {
		bound *= 2
	}
	if bound > longest {
		bound = longest
	}
	p.taken++
	p.due = false
	return time.Duration(rand.Int63n(int64(bound)))
}

// sessionEnded notes how long a session was there.
func (p *pauses) sessionEnded(after time.Duration) {
	p.due = after < shortSession
	if !p.due {
		p.taken = 0
	}
}

// pause waits, and tells whether the connection was closed meanwhile.
func (c *Conn) pause() bool {
	chosen, _ := receiveFirst(c.shouldQuit, time.After(c.pauses.begin(longestPause)))
	return chosen == 0
}
