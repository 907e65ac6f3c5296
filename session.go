package zookeeper

import (
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// A session is what a process has of one ensemble: the client, which keeps a session or
// renews it, and the watches that are set in it. It connects when it is wanted for the
// first time.
type session struct {
	name   string // of the cluster
	chroot chroot
	log    *clientLog
	above  *above
	serial *serial // sets and removes watches, one after the other

	mu    *sync.Mutex
	state *held
}

// The one who is above a session, the cache, is told of what happens to it. All but
// asked and connecting are called with the lock held.
type above struct {
	started    func()
	connecting func(c *connection)              // a client is being made
	asked      func(c *connection, e zk.Event)  // an event has come, which changed tells of next; called in the client's goroutine
	changed    func(e zk.Event)                 // a node has changed
	cameUp     func(c *connection, isSame bool) // there is a session, which may be the same as before
	outdated   func()                           // no session vouches for anything from now on
	wentDown   func()                           // a session that there was is not to be had
	dropping   func(c *connection)              // the client is given up
	identified func()                           // the same session has other credentials
	closed     func()
}

// nobody is above a session that has no cache yet.
func nobody() *above {
	nothing := func() {}
	return &above{
		started: nothing, outdated: nothing, wentDown: nothing, identified: nothing, closed: nothing,
		connecting: func(c *connection) {}, dropping: func(c *connection) {}, asked: func(c *connection, e zk.Event) {},
		changed: func(e zk.Event) {}, cameUp: func(c *connection, isSame bool) {},
	}
}

// held is the state of a session. Only who has its lock can reach it.
//
// Yaegi: rings of references must not meet, so it knows its session without a type.
type held struct {
	owner  any // the *session
	name   string
	chroot chroot
	log    *clientLog
	above  *above
	serial *serial

	settings   *settings // in force
	started    bool
	closed     bool
	superseded bool // another ensemble has the cluster's name now

	losing   *time.Timer // while there is no session
	rotating *time.Timer // where there is a password file
	checked  time.Time   // when that was looked at
	digest   []byte      // the last credentials that there were
	lacking  string      // why there are none now

	connection  *connection
	connections int // how many there have been
	word        State
	since       time.Time     // when the state was reached
	next        chan struct{} // closed at the next change of the connection
	id          int64         // of the session
	negotiated  time.Duration // the session's timeout; 0 before the first one
	downSince   time.Time     // zero while a session is up
	server      string        // of the session
	sessions    int64         // how many there have been
	reconnects  int64         // to a server, with a session from before or a new one

	points         map[pointKey]*watchpoint
	watchers       map[*watcher]bool // of the session's own events
	stateListeners map[*stateListener]bool

	outbox []*listener // they are told when the lock is given back
}

// newSession is for a cluster of that name. It connects when it is started.
func newSession(name string, s *settings) *session { return detachedSession(name, s) }

func makeSession(name string, s *settings) *session {
	one := &session{name: name, chroot: chroot(s.chroot), log: newClientLog(name), above: nobody(), mu: &sync.Mutex{}}
	one.serial = &serial{what: "cluster " + name + ": recursive watches", insists: true}
	one.state = &held{
		owner: one, name: name, chroot: one.chroot, log: one.log, above: one.above, serial: one.serial, settings: s, connection: &connection{settings: s}, word: StateSuspended, since: time.Now(), downSince: time.Now(),
		next: make(chan struct{}), points: map[pointKey]*watchpoint{}, watchers: map[*watcher]bool{}, stateListeners: map[*stateListener]bool{},
	}
	return one
}

// inform has somebody told of what happens to the session. It is called before it is
// started.
func (s *session) inform(a *above) {
	s.above = a
	s.state.above = a
}

func sessionOf(h *held) *session { return h.owner.(*session) }

// lockSession takes the lock, which unlockSession gives back. Only what takes no time is
// done in between: no operation on the connection, and nothing of a listener's.
func lockSession(s *session) *held {
	s.mu.Lock()
	return s.state
}

// unlockSession gives the lock back, and tells those whom what was done meanwhile
// concerns.
func unlockSession(s *session) {
	listeners := s.state.outbox
	s.state.outbox = nil
	s.mu.Unlock()
	if len(listeners) > 0 {
		tell(listeners)
	}
}

// unlockAndTellLater is for goroutines that must not wait for listeners.
func unlockAndTellLater(s *session) {
	listeners := s.state.outbox
	s.state.outbox = nil
	s.mu.Unlock()
	if len(listeners) > 0 {
		go tell(listeners)
	}
}

// A listener is told of changes once the lock has been given back.
type listener struct {
	what      string // for the log
	changed   func()
	staleness bool // is also told when values become stale, and fresh again
}

// tell calls listeners, none of which can keep the others from being called.
func tell(listeners []*listener) {
	for _, l := range listeners {
		insist(l.what, l.changed)
	}
}

// close ends the session, with every goroutine of its own and of the one above.
func (s *session) close() {
	h := lockSession(s)
	defer unlockSession(s)
	if h.closed {
		return
	}
	h.closed = true
	h.outdate()
	h.drop()
	s.above.closed()
	stop(h.rotating)
	h.stopLosing()
	h.wake()
	if h.started {
		logCluster(levelInfo, s.name, "closed")
	}
}

// redefine has other settings of the same ensemble count from now on. What is known
// stays, and is read again in the new session. Handles keep the client that they have
// until they are released.
func (s *session) redefine(settings *settings) {
	h := lockSession(s)
	defer unlockSession(s)
	if settings.credentials.id() != h.settings.credentials.id() {
		h.digest = nil
		h.lacking = ""
	}
	h.settings = settings
	h.negotiated = 0
	if !h.started || h.closed {
		return
	}
	logCluster(levelInfo, s.name, "has other settings: %s", settings.describe())
	if h.rotating == nil && settings.hasPasswordFile() {
		detachedRotateLater(h)
	}
	h.connection.retired = h.connection.handles > 0
	h.replace()
}

// inForce are the settings that count now.
func (s *session) inForce() *settings {
	h := lockSession(s)
	defer s.mu.Unlock()
	return h.settings
}

// supersede tells those who wait for a session that the cluster means another ensemble
// now.
func (s *session) supersede() {
	h := lockSession(s)
	defer s.mu.Unlock()
	h.superseded = true
	h.wake()
}

// awayFor tells whether there has been no session for so long, wanted or not.
func (s *session) awayFor(patience time.Duration) bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	return !h.downSince.IsZero() && time.Since(h.downSince) >= patience
}

// fail marks a connection whose client can't help itself any more. Once nobody holds
// it, it is replaced.
func (s *session) fail(c *connection) {
	h := lockSession(s)
	defer unlockSession(s)
	c.failed = true
	h.replaceFailed()
}

func (s *session) release(c *connection) {
	h := lockSession(s)
	defer unlockSession(s)
	release(h, c)
}

// suspectCredentials looks at the file soon, since a node may not be read.
func (s *session) suspectCredentials() {
	h := lockSession(s)
	defer s.mu.Unlock()
	if !h.closed && h.settings.hasPasswordFile() && time.Since(h.checked) > credentialsAgain {
		h.checked = time.Now()
		after(0, "cluster "+s.name+": password file", func() { rotateCredentials(s) })
	}
}
