// Package session keeps one ZooKeeper client with its session for each cluster.
//
// A Session connects when it is wanted for the first time. It replaces a client that
// can't help itself, and it presents credentials that have changed. It shares each watch
// at the server among all who wait for the same event. Whoever is above it, which is a
// store of nodes, gets told through Callbacks.
//
// All that changes of a session is in Internals, which only Lock gives. Listeners are not
// called while the lock is held: they are put into Internals.Outbox, and Unlock calls them.
package session

import (
	"sync"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clientlog"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// clientLog is where a client logs.
type clientLog = clientlog.Log

// A Session is what a process has of one ensemble: the client, which keeps a ZooKeeper
// session or makes a new one, and the watches that are set in it. All methods may be called
// from any goroutine that doesn't hold the lock.
type Session struct {
	Name       string          // of the cluster
	Chroot     ensemble.Chroot // all paths of the cluster are below it
	WatchTasks *guard.Serial   // runs what sets or removes watches at the server, one task after the other
	Mu         *sync.Mutex     // the lock; Lock takes it

	log       *clientLog
	internals *Internals
}

// Callbacks are how a session tells the one above it what happens. None may block. All but
// EventArrived are called with the lock held, so they must not take it.
//
// Yaegi: a type without a name is a text, which has in it those of all types that it
// refers to. A connection's would be in this one several times, so it goes by its number.
type Callbacks struct {
	// Started is called once, when the session begins to connect.
	Started func()
	// AnswerTo is called when a client is about to be made for the connection of that
	// number. It returns what the client calls with answers, in its own goroutine.
	AnswerTo func(connection int) func([]byte, *zk.Stat, error)
	// EventArrived is called in the client's goroutine, without the lock, when a node's
	// event has come, before anybody else is told of it.
	EventArrived func(connection int, e zk.Event)
	// NodeEvent is called after the watchers that waited for an event were told.
	NodeEvent func(e zk.Event)
	// NewSession is called when there is a session that has no watches yet.
	NewSession func()
	// SessionResumed is called when the client is connected again in the session from
	// before, which has its watches.
	SessionResumed func()
	// Outdated is called when values become stale: no session tells of changes from then on.
	Outdated func()
	// SessionDown is called when a session that there was can't be used any more, or not
	// for now. Outdated was called before.
	SessionDown func()
	// DroppingConnection is called before the connection is given up.
	DroppingConnection func()
	// CredentialsChanged is called when other credentials were presented in the session
	// that there is.
	CredentialsChanged func()
	// Closed is called once, when the session is closed for good.
	Closed func()
}

// noCallbacks are those of a session that nobody is above.
func noCallbacks() *Callbacks {
	nothing := func() {}
	return &Callbacks{
		Started: nothing, NewSession: nothing, SessionResumed: nothing, Outdated: nothing, SessionDown: nothing, CredentialsChanged: nothing, Closed: nothing,
		DroppingConnection: nothing, EventArrived: func(_ int, _ zk.Event) {}, NodeEvent: func(_ zk.Event) {},
		AnswerTo: func(_ int) func([]byte, *zk.Stat, error) { return func(_ []byte, _ *zk.Stat, _ error) {} },
	}
}

// Internals are all that changes of a session. They may be used from Lock until the lock
// is given back, and in callbacks that are called with the lock held.
//
// Yaegi: rings of references must not meet, so they know their session without a type.
type Internals struct {
	// The store reads these fields itself, since they are needed for each change of a node.

	Closed     bool                 // the session is closed for good
	Connection *Connection          // never nil; without a client before the start and after the end
	DownSince  time.Time            // since when there is no session; zero while there is one
	Triggers   map[NodeKey]*Trigger // the watches at the server, and those that are being set
	Outbox     []*Listener          // who is told when the lock is given back

	owner      any // the *Session
	name       string
	log        *clientLog
	callbacks  *Callbacks
	settings   *ensemble.Settings // in force
	started    bool
	superseded bool // another ensemble has the cluster's name now

	connections int // how many there have been
	state       State
	since       time.Time     // when the state was reached
	changed     chan struct{} // closed at the next change of the connection
	id          int64         // of the last session; 0 before the first one
	negotiated  time.Duration // the session's timeout; 0 before the first one
	server      string        // of the last session
	sessions    int64         // how many there have been
	reconnects  int64         // to a server, with a session from before or a new one
	lossTimer   *time.Timer   // calls the session lost; nil while there is a session

	fileTimer     *time.Timer // looks at the password file; nil where there is none
	fileChecked   time.Time   // when that was done last
	digest        []byte      // the last credentials that there were
	digestProblem string      // why there are none now

	closing        map[*zk.Conn]*closingClient
	watchers       map[*Watcher]bool // of the session's own events
	stateListeners map[*stateListener]bool
}

// New is the session of a cluster of that name. It connects when it is started.
func New(name string, settings *ensemble.Settings) *Session { return detachedSession(name, settings) }

func makeSession(name string, settings *ensemble.Settings) *Session {
	s := &Session{Name: name, Chroot: ensemble.Chroot(settings.Chroot), log: clientlog.New(name), Mu: &sync.Mutex{}}
	s.WatchTasks = &guard.Serial{Name: "cluster " + name + ": recursive watches", Retries: true}
	now := time.Now()
	s.internals = &Internals{
		owner: s, name: name, log: s.log, callbacks: noCallbacks(), settings: settings,
		Connection: &Connection{Settings: settings}, state: StateSuspended, since: now, DownSince: now, changed: make(chan struct{}),
		Triggers: map[NodeKey]*Trigger{}, closing: map[*zk.Conn]*closingClient{}, watchers: map[*Watcher]bool{}, stateListeners: map[*stateListener]bool{},
	}
	return s
}

// SetCallbacks says who is above the session. It is called once, before the start.
func (s *Session) SetCallbacks(callbacks *Callbacks) {
	s.internals.callbacks = callbacks
}

func sessionOf(in *Internals) *Session { return in.owner.(*Session) }

// Lock takes the lock. It is given back by Unlock or UnlockAndTellLater, or by Mu.Unlock
// where nobody can have been put into the outbox meanwhile. Only what takes no time is done
// in between: no operation on the connection, and nothing of a listener's.
func Lock(s *Session) *Internals {
	s.Mu.Lock()
	return s.internals
}

// Unlock gives the lock back, and calls the listeners in the outbox.
func Unlock(s *Session) {
	listeners := s.internals.Outbox
	s.internals.Outbox = nil
	s.Mu.Unlock()
	if len(listeners) > 0 {
		notifyAll(listeners)
	}
}

// UnlockAndTellLater gives the lock back, and has the listeners in the outbox called by
// another goroutine. It is for the client's goroutines, which must not wait, and for those
// that hold a subtree's lock, which a listener may want.
func UnlockAndTellLater(s *Session) {
	listeners := s.internals.Outbox
	s.internals.Outbox = nil
	s.Mu.Unlock()
	if len(listeners) > 0 {
		go notifyAll(listeners)
	}
}

// A Listener is told that something it reads has changed, without the lock.
type Listener struct {
	What      string // who it is, for the log
	Changed   func()
	Staleness bool // it is also told when values become stale, and when they are fresh again
}

// notifyAll calls listeners. One that panics is called again later, and doesn't keep the
// others from being called.
func notifyAll(listeners []*Listener) {
	for _, l := range listeners {
		if !guard.Try(l.What, l.Changed) {
			guard.RetryLater(l.What, l.Changed)
		}
	}
}

// Close ends the session, with every goroutine of its own and of the one above.
func (s *Session) Close() {
	in := Lock(s)
	defer Unlock(s)
	if in.Closed {
		return
	}
	in.Closed = true
	in.outdate()
	in.drop()
	in.callbacks.Closed()
	guard.Stop(in.fileTimer)
	in.stopLossTimer()
	in.signalChange()
	if in.started {
		log.Cluster(log.LevelInfo, s.Name, "closed")
	}
}

// Redefine has other settings of the same ensemble count from now on. What is known
// stays, and is read again in the new session. Handles keep the client that they have
// until they are released.
func (s *Session) Redefine(settings *ensemble.Settings) {
	in := Lock(s)
	defer Unlock(s)
	if settings.Credentials.ID() != in.settings.Credentials.ID() {
		in.digest = nil
		in.digestProblem = ""
	}
	in.settings = settings
	in.negotiated = 0
	if !in.started || in.Closed {
		return
	}
	log.Cluster(log.LevelInfo, s.Name, "has other settings: %s", settings.Describe())
	if in.fileTimer == nil && settings.HasPasswordFile() {
		detachedCheckFileLater(in)
	}
	in.Connection.retired = in.Connection.handles > 0
	in.replace()
}

// Settings are those that count now.
func (s *Session) Settings() *ensemble.Settings {
	in := Lock(s)
	defer s.Mu.Unlock()
	return in.settings
}

// Supersede tells those who wait for a session that the cluster means another ensemble
// now.
func (s *Session) Supersede() {
	in := Lock(s)
	defer s.Mu.Unlock()
	in.superseded = true
	in.signalChange()
}

// IsDownFor tells whether there has been no session for at least so long, wanted or not.
func (s *Session) IsDownFor(patience time.Duration) bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	return !in.DownSince.IsZero() && time.Since(in.DownSince) >= patience
}
