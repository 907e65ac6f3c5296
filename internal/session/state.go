package session

import (
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
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

// A stateListener is told of each state that is reached, in their order, in a goroutine of
// its own.
type stateListener struct {
	calls  *guard.Serial
	listen func(State)
}

// setState changes the state, and tells those who wait for that or listen to it.
func (in *Internals) setState(state State) {
	in.state = state
	in.since = time.Now()
	in.signalChange()
	for l := range in.stateListeners {
		l.post(state)
	}
}

func (l *stateListener) post(state State) {
	l.calls.Post(func() { l.listen(state) })
}

// signalChange wakes those who wait for the connection to change.
func (in *Internals) signalChange() {
	close(in.changed)
	in.changed = make(chan struct{})
}

// IsUp tells whether there is a session. It is called with the lock held.
func (in *Internals) IsUp() bool {
	return in.state == StateConnected || in.state == StateReconnected || in.state == StateReadOnly
}

// noteUp notes that a session can be used. After a mere reconnect the client has its watches
// again, and what changed meanwhile arrives as events. In a new session every node is read
// and watched anew.
func (in *Internals) noteUp(conn *Connection, e zk.Event) {
	id := conn.Client.SessionID()
	isSame := id == in.id
	reached := StateReconnected
	if in.id == 0 {
		reached = StateConnected
	} else {
		in.reconnects++
	}
	if !isSame {
		in.sessions++
		conn.Recursive = map[string]bool{}
	}
	in.server = e.Server
	in.id = id
	conn.unaware = false
	in.negotiated = negotiatedTimeout(conn.Client, in.settings.SessionTimeout)
	conn.timeout = in.negotiated
	in.DownSince = time.Time{}
	in.stopLossTimer()
	in.log.SessionBegan(in.timeout())
	state := reached
	if e.State == zk.StateConnectedReadOnly {
		state = StateReadOnly
	}
	in.setState(state)
	if isSame {
		removeIdle(in)
		in.callbacks.SessionResumed()
	} else {
		in.callbacks.NewSession()
	}
	log.Cluster(log.LevelInfo, in.name, "%s to %s, session 0x%x%s, %s", reached, e.Server, id, in.readOnlyNote(), in.timeoutNote())
}

// outdate notes that values are stale from now on, since no session tells of changes.
func (in *Internals) outdate() {
	if in.DownSince.IsZero() {
		in.DownSince = time.Now()
	}
	in.callbacks.Outdated()
}

func (in *Internals) readOnlyNote() string {
	if in.state == StateReadOnly {
		return ", read-only"
	}
	return ""
}

func (in *Internals) timeoutNote() string {
	note := "timeout " + in.negotiated.String()
	if in.negotiated != in.settings.SessionTimeout {
		note += "; asked for " + in.settings.SessionTimeout.String()
	}
	return note
}

// noteDown notes that there is no session for now, where there was one.
func (in *Internals) noteDown() {
	if !in.IsUp() {
		return
	}
	in.outdate()
	in.callbacks.SessionDown()
	in.setState(StateSuspended)
	detachedStartLossTimer(in)
	in.log.SessionEnded()
	log.Cluster(log.LevelInfo, in.name, "suspended: %s", in.log.Latest())
}

// startLossTimer has a session called lost that stays away for its timeout.
func startLossTimer(in *Internals) {
	s, since := sessionOf(in), in.DownSince
	in.lossTimer = guard.After(in.timeout(), "cluster "+s.Name+": session timeout", func() { declareLost(s, since) })
}

// stopLossTimer stops the timer. Running on, it would hold a closed session with its client
// for a session's timeout.
func (in *Internals) stopLossTimer() {
	if in.lossTimer != nil {
		in.lossTimer.Stop()
		in.lossTimer = nil
	}
}

// timeout is the session's: the one that was negotiated, or the one that the settings want.
func (in *Internals) timeout() time.Duration {
	if in.negotiated > 0 {
		return in.negotiated
	}
	return in.settings.SessionTimeout
}

// declareLost calls a session lost, unless there has been one since the timer was started.
func declareLost(s *Session, since time.Time) {
	in := Lock(s)
	defer Unlock(s)
	if in.Closed || !in.DownSince.Equal(since) {
		return
	}
	if in.state != StateLost {
		in.setState(StateLost)
	}
	log.Cluster(log.LevelError, s.Name, "lost: no session for %s with %v: %s", in.timeout(), in.settings.Servers, s.log.Latest())
	detachedReplaceLater(in, in.Connection)
	guard.After(0, "cluster "+s.Name+": diagnosis", func() { diagnose(s) })
}

// noteExpired notes that the server has given the session up.
func (in *Internals) noteExpired() {
	in.noteDown()
	endAllWatches(in, zk.ErrSessionExpired)
	if in.state != StateLost {
		in.setState(StateLost)
		log.Cluster(log.LevelInfo, in.name, "lost: the session 0x%x has expired", in.id)
	}
}

// LastID is the id of the session, or of the last one where there is none now. It is 0 before
// the first one. It is called with the lock held.
func (in *Internals) LastID() int64 { return in.id }

// Start connects, where that has not been done yet. It is called with the lock held.
func (in *Internals) Start() {
	if !in.started && !in.Closed {
		detachedStart(in)
	}
}

func startSession(in *Internals) {
	in.started = true
	in.DownSince = time.Now()
	detachedStartLossTimer(in)
	in.callbacks.Started()
	if in.settings.HasPasswordFile() {
		detachedCheckFileLater(in)
	}
	detachedConnect(in)
}

// diagnose logs why a session may have been lost: the server wants TLS, or it has none.
func diagnose(s *Session) {
	mistake := s.Settings().WrongProtocol()
	if mistake != "" {
		s.log.Report(mistake)
	}
}
