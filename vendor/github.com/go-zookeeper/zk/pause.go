package zk

import (
	"fmt"
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

	// Servers that say why they end connections don't change their mind by themselves.
	longestDismissedPause = 10 * time.Second
)

// pauses are those since the last session that wasn't short.
type pauses struct {
	taken int
	due   bool // the last session was short, or dismissed

	refused bool // the last session was dismissed, and its server has been there since
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

// sessionEnded notes how long a session was there, and whether the server dismissed it.
func (p *pauses) sessionEnded(after time.Duration, dismissed bool) {
	p.refused = dismissed
	p.due = dismissed || after < shortSession
	if !p.due {
		p.taken = 0
	}
}

// pause waits, and tells whether the connection was closed meanwhile.
func (c *Conn) pause() bool {
	longest := longestPause
	if c.pauses.refused {
		longest = longestDismissedPause
	}
	chosen, _ := receiveFirst(c.shouldQuit, time.After(c.pauses.begin(longest)))
	return chosen == 0
}

// dismissal is the error of a server that closes the connection behind an answer with
// this code, and would do so again; nil for others.
func (c *Conn) dismissal(code ErrCode) error {
	if code != errAuthRequired && code != errAuthFailed {
		return nil
	}
	c.dismissed = true
	return fmt.Errorf("closed by the server: %w", code.toError())
}
