// Package store reads the nodes of one cluster, once for all who use them, and watches them.
//
// A node is read when somebody wants it for the first time, whenever its watch tells of a
// change, and in each new session. Who wants a node reads it in one of two ways: a view
// reads a value of it for some listeners, and a sink gets the contents of many nodes. Nodes
// that are to be read wait in a queue, from which readers take them. A changed node is read
// on a shorter way where that is free: see fastread.go.
//
// A store's state is in the type nodes, which only lock gives. The lock is the session's,
// since what a session and its nodes are must never differ. Who is to be told of a change is
// put into the session's outbox, and told when the lock is given back.
package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/history"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Store has what is known of the nodes of one cluster. All functions that get one may be
// called from any goroutine that doesn't hold the session's lock.
type Store struct {
	Session *session.Session
	Name    string // of the cluster

	mu      *sync.Mutex // the session's
	nodes   *nodes
	refused *atomic.Int64 // versions of nodes that couldn't be used
	history *history.History
	watcher *session.Watcher // of all nodes
	answers chan *answer     // of fast reads
}

// nodes is the state of a store. Only who has the lock can reach it.
//
// Yaegi: rings of references must not meet, so it refers to neither the store nor the
// subtrees.
type nodes struct {
	name     string // of the cluster
	refused  *atomic.Int64
	watcher  *session.Watcher
	session  *session.Internals
	data     map[string]*node // those whose data is read, by their paths with the chroot
	children map[string]*node // those whose list of children is read
	queue    []*node          // those that are to be read
	wake     *sync.Cond       // the queue has grown, the session is up, or all is closed
	latest   int64            // number of the content that came last
	sinks    []*Sink
	fast     *fastRead   // the one under way; nil where there is none
	recheck  *time.Timer // of the next recheck
}

// New is the store of a session's nodes. The session has no other store.
func New(s *session.Session) *Store { return detachedStore(s) }

func makeStore(s *session.Session) *Store {
	st := &Store{Session: s, Name: s.Name, mu: s.Mu, refused: &atomic.Int64{}, history: history.New(s.Name)}
	st.watcher = &session.Watcher{Notify: func(e zk.Event) { enqueueChanged(st.nodes, e) }, Permanent: true}
	st.nodes = &nodes{
		name: s.Name, refused: st.refused, watcher: st.watcher, session: session.Lock(s),
		data: map[string]*node{}, children: map[string]*node{}, wake: sync.NewCond(s.Mu),
	}
	st.answers = make(chan *answer, mostAnswers)
	s.SetCallbacks(callbacksOf(st))
	s.Mu.Unlock()
	return st
}

// callbacksOf is what a session tells its store.
func callbacksOf(st *Store) *session.Callbacks {
	return &session.Callbacks{
		Started:            func() { startReading(st, st.nodes) },
		AnswerTo:           func(connection int) func([]byte, *zk.Stat, error) { return answersOf(st, connection) },
		EventArrived:       func(connection int, e zk.Event) { readFast(st, connection, e) },
		NodeEvent:          func(e zk.Event) { forwardToSinks(st.nodes, e) },
		NewSession:         func() { useNewSession(st.nodes) },
		SessionResumed:     func() { resumeSession(st, st.nodes) },
		Outdated:           func() { markAllStale(st.nodes) },
		SessionDown:        func() { loseSession(st.nodes) },
		DroppingConnection: func() { abandonFast(st, st.nodes) },
		CredentialsChanged: func() { rereadAsOtherUser(st.nodes) },
		Closed:             func() { stopReading(st, st.nodes) },
	}
}

// lock takes the lock. It is given back by unlock, or by mu.Unlock where nobody can have
// been put into the outbox meanwhile. Only what takes no time is done in between.
func lock(st *Store) *nodes {
	st.mu.Lock()
	return st.nodes
}

// unlock gives the lock back, and calls the listeners in the outbox.
func unlock(st *Store) { session.Unlock(st.Session) }

func startReading(st *Store, all *nodes) {
	recheckLater(st, all)
	for i := 0; i < readers; i++ {
		go guard.KeepRunning("cluster "+st.Name+": reader", func() { readNodes(st) })
	}
	go guard.KeepRunning("cluster "+st.Name+": answers", func() { takeAnswers(st) })
}

func stopReading(st *Store, all *nodes) {
	st.answers <- nil
	guard.Stop(all.recheck)
	all.wake.Broadcast()
}

// useNewSession has all nodes read in a session that has no watches of them. The sinks see
// to theirs when they restart.
func useNewSession(all *nodes) {
	for _, n := range all.every() {
		if len(n.views) > 0 {
			n.delay = 0
			enqueue(all, n)
		}
	}
	restartSinks(all)
	announceSession(all)
}

// resumeSession is for a session that goes on. It has those nodes read that were to be read
// again, and those whose readers must not go by what may have changed. All others are as they
// were.
func resumeSession(st *Store, all *nodes) {
	for _, n := range all.every() {
		switch {
		case len(n.views) == 0: // its sinks see to it
		case n.delay > 0 || isReadFresh(n):
			n.delay = 0
			enqueue(all, n)
		default:
			n.stale = time.Time{}
		}
	}
	restartSinks(all)
	recheckSoon(st, all)
	st.Session.WatchTasks.Post(func() { RemoveUnneededWatches(st) })
	announceSession(all)
}

func restartSinks(all *nodes) {
	for _, sink := range all.sinks {
		sink.Restart()
	}
}

// announceSession has the readers read, and those told who serve fresh values only.
func announceSession(all *nodes) {
	all.wake.Broadcast()
	tellStalenessListeners(all)
}

// markAllStale notes that no session tells of changes from now on.
func markAllStale(all *nodes) {
	since := all.session.DownSince
	for _, n := range all.every() {
		if n.stale.IsZero() {
			n.stale = since
		}
	}
	for _, sink := range all.sinks {
		if sink.stale.IsZero() {
			sink.stale = since
		}
	}
}

func loseSession(all *nodes) {
	for _, sink := range all.sinks {
		sink.recursive = false
	}
	tellStalenessListeners(all)
}

// rereadAsOtherUser reads with other credentials what was read before. That includes what
// was readable: changes that the former user was not to see have used up their watches and
// told of nothing.
func rereadAsOtherUser(all *nodes) {
	every := all.every()
	for _, n := range every {
		n.rechecked = n.content != nil
	}
	enqueue(all, every...)
	restartSinks(all)
}

// of are the nodes with one kind of content.
func (all *nodes) of(children bool) map[string]*node {
	if children {
		return all.children
	}
	return all.data
}

func (all *nodes) every() []*node {
	every := make([]*node, 0, len(all.data)+len(all.children))
	for _, n := range all.data {
		every = append(every, n)
	}
	for _, n := range all.children {
		every = append(every, n)
	}
	return every
}

// tellStalenessListeners tells all listeners that don't serve values for ever.
func tellStalenessListeners(all *nodes) {
	var views []*view
	for _, n := range all.every() {
		views = append(views, n.views...)
	}
	users := usersOf(views)
	for _, sink := range all.sinks {
		users = append(users, sink.listeners...)
	}
	all.tell(stalenessListeners(users)...)
}

// tell has listeners told once the lock is given back.
func (all *nodes) tell(listeners ...*session.Listener) {
	all.session.Outbox = append(all.session.Outbox, listeners...)
}
