package zookeeper

import (
	"sync"
	"sync/atomic"
	"time"
)

// pool is what all instances of a process share of one cluster: the session
// and the nodes that are watched through it. It connects when the first node is
// wanted. Locks are taken in the order registry, instance, pool; no operation
// on the connection and no call into an instance happens under the pool's.
type pool struct {
	name   string
	chroot chroot
	log    *clientLog

	// What follows belongs to the registry's lock.
	refs      int       // members that use it, and the leases as one
	leased    bool      // by handles: now, or a linger ago
	leases    int       // now
	idleSince time.Time // when the last lease was given back
	lingering bool      // a timer looks after it

	mu         sync.Mutex
	settings   *settings  // in force
	wake       *sync.Cond // the queue has grown, the session is up, or the pool is closed
	data       map[string]*node
	children   map[string]*node
	queue      []*node
	started    bool
	closed     bool
	superseded bool // by the pool of another ensemble
	auditing   *time.Timer
	losing     *time.Timer // while there is no session
	rotating   *time.Timer // where there is a password file
	checked    time.Time   // when that was looked at
	digest     []byte      // the last credentials that there were
	lacking    string      // why there are none now

	published   int64 // how many contents
	connection  *connection
	connections int // how many there have been
	state       State
	since       time.Time     // of the state
	stirred     chan struct{} // closed at the next change of the connection
	sessionID   int64
	negotiated  time.Duration // the session's timeout; 0 before the first one
	downSince   time.Time     // zero while a session is up
	server      string        // of the session
	sessions    int64         // how many there have been
	reconnects  int64         // to a server, with a session from before or a new one
	refused     atomic.Int64  // versions of nodes that couldn't be used
	journal     *journal

	treesMu sync.Mutex // taken before a subtree's, which is taken before mu
	trees   map[subtreeKey]*subtree

	roots           []*subtree
	rootMail        *mailbox    // sets and removes recursive watches, one after the other
	nodeWatcher     *watcher    // of all nodes
	prompt          *promptRead // the one under way; nil where there is none
	answers         chan *answer
	points          map[pointKey]*watchpoint
	sessionWatchers map[*watcher]bool
	stateListeners  map[*stateListener]bool
}

func newPool(name string, s *settings) *pool {
	p := &pool{
		name: name, chroot: chroot(s.chroot), settings: s, log: newClientLog(name),
		data: map[string]*node{}, children: map[string]*node{},
		connection: &connection{settings: s}, state: StateSuspended, since: time.Now(), downSince: time.Now(), stirred: make(chan struct{}),
		journal: newJournal(),
		trees:   map[subtreeKey]*subtree{},
		points:  map[pointKey]*watchpoint{}, sessionWatchers: map[*watcher]bool{}, stateListeners: map[*stateListener]bool{},
	}
	p.rootMail = &mailbox{what: "cluster " + name + ": recursive watches", insists: true}
	p.nodeWatcher = &watcher{notify: p.changed, always: true}
	p.wake = sync.NewCond(&p.mu)
	p.answers = make(chan *answer, mostAnswers)
	return p
}

func (p *pool) nodes(children bool) map[string]*node {
	if children {
		return p.children
	}
	return p.data
}

// inForce are the settings that count now.
func (p *pool) inForce() *settings {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.settings
}

// start connects and sets the readers going; p.mu is held.
func (p *pool) start() {
	if !p.started && !p.closed {
		detachedStart(p)
	}
}

func start(p *pool) {
	p.started = true
	p.downSince = time.Now()
	detachedLoseLater(p)
	auditLater(p)
	if p.settings.hasPasswordFile() {
		detachedCheckCredentials(p)
	}
	detachedConnect(p)
	for i := 0; i < readers; i++ {
		go keepRunning("cluster "+p.name+": reader", p.readNodes)
	}
	go keepRunning("cluster "+p.name+": answers", p.takeAnswers)
}

// close ends the session and every goroutine of the pool.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.outdate()
	p.drop()
	p.answers <- nil
	stop(p.auditing)
	stop(p.rotating)
	p.stopLosing()
	p.wake.Broadcast()
	p.stir()
	if p.started {
		logCluster(levelInfo, p.name, "closed")
	}
}
