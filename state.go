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
	mail    *mailbox
	listen  func(State)
	stopped atomic.Bool
}

// turn changes the state; p.mu is held.
func (p *pool) turn(state State) {
	p.state = state
	p.since = time.Now()
	p.stir()
	for l := range p.stateListeners {
		l.hear(state)
	}
}

func (l *stateListener) hear(state State) {
	l.mail.post(func() {
		if !l.stopped.Load() {
			l.listen(state)
		}
	})
}

// stir wakes those who wait for the connection to change; p.mu is held.
func (p *pool) stir() {
	close(p.stirred)
	p.stirred = make(chan struct{})
}

// up tells whether there is a session; p.mu is held.
func (p *pool) up() bool {
	return p.state == StateConnected || p.state == StateReconnected || p.state == StateReadOnly
}

// cameUp notes a session. After a mere reconnect the client has its watches
// again, and what changed meanwhile arrives as events; in a new session every
// node is read and watched anew. It returns who is to be told that values are fresh;
// p.mu is held.
func (p *pool) cameUp(c *connection, e zk.Event) []*listener {
	id := c.client.SessionID()
	renewed := id != p.sessionID
	word := StateReconnected
	if p.sessionID == 0 {
		word = StateConnected
	} else {
		p.reconnects++
	}
	if renewed {
		p.sessions++
	}
	p.server = e.Server
	p.sessionID = id
	if renewed {
		c.recursive = map[string]bool{}
	}
	c.unaware = false
	p.negotiated = negotiatedTimeout(c.client, p.settings.sessionTimeout)
	p.downSince = time.Time{}
	p.stopLosing()
	p.log.sessionBegan(p.timeout())
	for _, n := range p.allNodes() {
		switch {
		case len(n.views) == 0: // its subtrees see to it
		case renewed || n.delay > 0 || hasSensitive(n):
			n.delay = 0
			p.enqueue(n)
		default:
			n.stale = time.Time{}
		}
	}
	for _, t := range p.roots {
		t.root()
	}
	if !renewed {
		auditSoon(p)
		p.takeBackIdle()
		p.rootMail.post(p.unwatchUnneeded)
	}
	state := word
	if e.State == zk.StateConnectedReadOnly {
		state = StateReadOnly
	}
	p.turn(state)
	p.wake.Broadcast()
	logCluster(levelInfo, p.name, "%s to %s, session 0x%x%s, %s", word, e.Server, id, p.readOnlyNote(), p.timeoutNote())
	return p.staleSensitive()
}

// outdate notes that no session vouches for anything from now on; p.mu is held.
func (p *pool) outdate() {
	if p.downSince.IsZero() {
		p.downSince = time.Now()
	}
	for _, n := range p.allNodes() {
		if n.stale.IsZero() {
			n.stale = p.downSince
		}
	}
	for _, t := range p.roots {
		if t.taker.stale.IsZero() {
			t.taker.stale = p.downSince
		}
	}
}

func (p *pool) readOnlyNote() string {
	if p.state == StateReadOnly {
		return ", read-only"
	}
	return ""
}

func (p *pool) timeoutNote() string {
	note := "timeout " + p.negotiated.String()
	if p.negotiated != p.settings.sessionTimeout {
		note += "; asked for " + p.settings.sessionTimeout.String()
	}
	return note
}

// wentDown notes that the session is not to be had, and returns who is to be told;
// nobody where that is no news. p.mu is held.
func (p *pool) wentDown() []*listener {
	if !p.up() {
		return nil
	}
	p.outdate()
	for _, t := range p.roots {
		t.taker.carried = false
	}
	p.turn(StateSuspended)
	detachedLoseLater(p)
	p.log.sessionEnded()
	logCluster(levelInfo, p.name, "suspended: %s", p.log.latest())
	return p.staleSensitive()
}

// loseLater calls a session lost that stays away for its timeout; p.mu is held.
func loseLater(p *pool) {
	since := p.downSince
	p.losing = after(p.timeout(), "cluster "+p.name+": session timeout", func() { p.lose(since) })
}

// stopLosing lets go of the timer, which would hold a closed pool with its client
// for a session's timeout; p.mu is held.
func (p *pool) stopLosing() {
	if p.losing != nil {
		p.losing.Stop()
		p.losing = nil
	}
}

// timeout is the session's: as negotiated, or as asked for; p.mu is held.
func (p *pool) timeout() time.Duration {
	if p.negotiated > 0 {
		return p.negotiated
	}
	return p.settings.sessionTimeout
}

func (p *pool) lose(since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.downSince.Equal(since) {
		return
	}
	if p.state != StateLost {
		p.turn(StateLost)
	}
	logCluster(levelError, p.name, "lost: no session for %s with %v: %s", p.timeout(), p.settings.servers, p.log.latest())
	detachedRenewLater(p, p.connection)
	after(0, "cluster "+p.name+": diagnosis", p.diagnose)
}

// expired notes that the server has given the session up; p.mu is held.
func (p *pool) expired() []*listener {
	affected := p.wentDown()
	p.spendAll(zk.ErrSessionExpired)
	if p.state != StateLost {
		p.turn(StateLost)
		logCluster(levelInfo, p.name, "lost: the session 0x%x has expired", p.sessionID)
	}
	return affected
}

func (p *pool) allNodes() []*node {
	var all []*node
	for _, n := range p.data {
		all = append(all, n)
	}
	for _, n := range p.children {
		all = append(all, n)
	}
	return all
}

// staleSensitive are the listeners that don't serve values for ever; p.mu is held.
func (p *pool) staleSensitive() []*listener {
	var views []*view
	for _, n := range p.allNodes() {
		views = append(views, n.views...)
	}
	users := usersOf(views)
	for _, t := range p.roots {
		users = append(users, listenersOf(t)...)
	}
	return sensitiveOf(users)
}
