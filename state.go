package zookeeper

import (
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"
)

// State is what a cluster's connection is in, in Curator's terms.
type State string

const (
	// StateConnected is the first session.
	StateConnected State = "connected"
	// StateSuspended is no connection; the session may still be there. A cluster
	// begins with it.
	StateSuspended State = "suspended"
	// StateReconnected is a connection after suspended or lost: with the session
	// from before, or with a new one.
	StateReconnected State = "reconnected"
	// StateLost is suspended for a session timeout, or an expired session.
	StateLost State = "lost"
	// StateReadOnly is a session at a server that is cut off from the others, and
	// serves what it knows.
	StateReadOnly State = "read-only"
)

// A stateListener is told of states, in their order, in a goroutine of its own.
type stateListener struct {
	calls   *serial
	listen  func(State)
	stopped atomic.Bool
}

// setState changes the state.
func (h *held) setState(state State) {
	h.word = state
	h.since = time.Now()
	h.wake()
	for l := range h.stateListeners {
		l.post(state)
	}
}

func (l *stateListener) post(state State) {
	l.calls.post(func() {
		if !l.stopped.Load() {
			l.listen(state)
		}
	})
}

// wake wakes those who wait for the connection to change.
func (h *held) wake() {
	close(h.next)
	h.next = make(chan struct{})
}

// up tells whether there is a session.
func (h *held) up() bool {
	return h.word == StateConnected || h.word == StateReconnected || h.word == StateReadOnly
}

// cameUp notes a session. After a mere reconnect the client has its watches
// again, and what changed meanwhile arrives as events; in a new session every
// node is read and watched anew.
func (h *held) cameUp(c *connection, e zk.Event) {
	id := c.client.SessionID()
	isSame := id == h.id
	word := StateReconnected
	if h.id == 0 {
		word = StateConnected
	} else {
		h.reconnects++
	}
	if !isSame {
		h.sessions++
		c.recursive = map[string]bool{}
	}
	h.server = e.Server
	h.id = id
	c.unaware = false
	h.negotiated = negotiatedTimeout(c.client, h.settings.sessionTimeout)
	h.downSince = time.Time{}
	h.stopLosing()
	h.log.sessionBegan(h.timeout())
	state := word
	if e.State == zk.StateConnectedReadOnly {
		state = StateReadOnly
	}
	h.setState(state)
	if isSame {
		takeBackIdle(h)
	}
	h.above.cameUp(c, isSame)
	logCluster(levelInfo, h.name, "%s to %s, session 0x%x%s, %s", word, e.Server, id, h.readOnlyNote(), h.timeoutNote())
}

// outdate notes that no session vouches for anything from now on.
func (h *held) outdate() {
	if h.downSince.IsZero() {
		h.downSince = time.Now()
	}
	h.above.outdated()
}

func (h *held) readOnlyNote() string {
	if h.word == StateReadOnly {
		return ", read-only"
	}
	return ""
}

func (h *held) timeoutNote() string {
	note := "timeout " + h.negotiated.String()
	if h.negotiated != h.settings.sessionTimeout {
		note += "; asked for " + h.settings.sessionTimeout.String()
	}
	return note
}

// wentDown notes that the session is not to be had, where that is news.
func (h *held) wentDown() {
	if !h.up() {
		return
	}
	h.outdate()
	h.above.wentDown()
	h.setState(StateSuspended)
	detachedLoseLater(h)
	h.log.sessionEnded()
	logCluster(levelInfo, h.name, "suspended: %s", h.log.latest())
}

// loseLater calls a session lost that stays away for its timeout.
func loseLater(h *held) {
	s, since := sessionOf(h), h.downSince
	h.losing = after(h.timeout(), "cluster "+s.name+": session timeout", func() { lose(s, since) })
}

// stopLosing lets go of the timer, which would hold a closed session with its client
// for a session's timeout.
func (h *held) stopLosing() {
	if h.losing != nil {
		h.losing.Stop()
		h.losing = nil
	}
}

// timeout is the session's: as negotiated, or as asked for.
func (h *held) timeout() time.Duration {
	if h.negotiated > 0 {
		return h.negotiated
	}
	return h.settings.sessionTimeout
}

func lose(s *session, since time.Time) {
	h := lockSession(s)
	defer unlockSession(s)
	if h.closed || !h.downSince.Equal(since) {
		return
	}
	if h.word != StateLost {
		h.setState(StateLost)
	}
	logCluster(levelError, s.name, "lost: no session for %s with %v: %s", h.timeout(), h.settings.servers, s.log.latest())
	detachedRenewLater(h, h.connection)
	after(0, "cluster "+s.name+": diagnosis", func() { diagnose(s) })
}

// expired notes that the server has given the session up.
func (h *held) expired() {
	h.wentDown()
	releaseAll(h, zk.ErrSessionExpired)
	if h.word != StateLost {
		h.setState(StateLost)
		logCluster(levelInfo, h.name, "lost: the session 0x%x has expired", h.id)
	}
}

// start connects, where that has not been done.
func (h *held) start() {
	if !h.started && !h.closed {
		detachedStart(h)
	}
}

func startSession(h *held) {
	h.started = true
	h.downSince = time.Now()
	detachedLoseLater(h)
	h.above.started()
	if h.settings.hasPasswordFile() {
		detachedRotateLater(h)
	}
	detachedConnect(h)
}
