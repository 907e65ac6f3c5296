package zookeeper

import (
	"sync"
	"time"
)

// pool is what all instances of a process share of one cluster: the session
// and the nodes that are watched through it. It connects when the first node is
// wanted. Locks are taken in the order registry, instance, pool; no operation
// on the connection and no call into an instance happens under the pool's.
type pool struct {
	name     string
	settings *settings
	log      *clientLog

	// What follows belongs to the registry's lock.
	refs      int       // members that use it, and the leases as one
	leased    bool      // by handles: now, or a linger ago
	leases    int       // now
	idleSince time.Time // when the last lease was given back
	lingering bool      // a timer looks after it

	mu       sync.Mutex
	wake     *sync.Cond // the queue has grown, the session is up, or the pool is closed
	data     map[string]*node
	children map[string]*node
	queue    []*node
	started  bool
	closed   bool

	connection *connection
	state      State
	since      time.Time     // of the state
	stirred    chan struct{} // closed at the next change of the connection
	sessionID  int64
	negotiated time.Duration // the session's timeout; 0 before the first one
	downSince  time.Time     // zero while a session is up

	treesMu sync.Mutex // taken before a subtree's, which is taken before mu
	trees   map[subtreeKey]*subtree

	roots           []*subtree
	rootMail        *mailbox // sets and removes recursive watches, one after the other
	nodeWatcher     *watcher // of all nodes
	points          map[pointKey]*watchpoint
	sessionWatchers map[*watcher]bool
	stateListeners  map[*stateListener]bool
}

const readers = 4 // nodes that are read at the same time

func newPool(name string, s *settings) *pool {
	p := &pool{
		name: name, settings: s, log: newClientLog(name),
		data: map[string]*node{}, children: map[string]*node{},
		connection: &connection{}, state: StateSuspended, since: time.Now(), downSince: time.Now(), stirred: make(chan struct{}),
		trees:  map[subtreeKey]*subtree{},
		points: map[pointKey]*watchpoint{}, sessionWatchers: map[*watcher]bool{}, stateListeners: map[*stateListener]bool{},
	}
	p.rootMail = &mailbox{what: "cluster " + name + ": recursive watches"}
	p.nodeWatcher = &watcher{notify: p.changed, always: true}
	p.wake = sync.NewCond(&p.mu)
	return p
}

func (p *pool) nodes(children bool) map[string]*node {
	if children {
		return p.children
	}
	return p.data
}

// start connects and sets the readers going; p.mu is held.
func (p *pool) start() {
	if p.started || p.closed {
		return
	}
	p.started = true
	p.downSince = time.Now()
	p.loseLater()
	p.connect()
	for i := 0; i < readers; i++ {
		go keepRunning("cluster "+p.name+": reader", p.readNodes)
	}
}

// close ends the session and every goroutine of the pool.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.drop()
	p.wake.Broadcast()
	p.stir()
	if p.started {
		logInfo("cluster %s: closed", p.name)
	}
}

// enqueue asks for a node to be read; p.mu is held.
func (p *pool) enqueue(n *node) {
	n.stopRetry()
	if n.reading {
		n.again = true
		return
	}
	if n.queued {
		return
	}
	n.queued = true
	p.queue = append(p.queue, n)
	p.wake.Signal()
}

// enqueueLater asks for a node to be read after a delay, unless it is read before
// that; p.mu is held.
func (p *pool) enqueueLater(n *node, delay time.Duration) {
	n.stopRetry()
	n.retry = after(delay, "cluster "+p.name+": retry", func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if n.wanted() {
			p.enqueue(n)
		}
	})
}

func (n *node) stopRetry() {
	if n.retry != nil {
		n.retry.Stop()
		n.retry = nil
	}
}

// readNodes is the work of a reader: one node after the other, while there is a
// session, until the pool is closed.
func (p *pool) readNodes() {
	for {
		nodes, c := p.next()
		if len(nodes) == 0 {
			return
		}
		if len(nodes) == 1 {
			tell(p.done(nodes, c, []time.Duration{p.refresh(nodes[0], c)}))
			continue
		}
		tell(p.done(nodes, c, p.refreshAll(nodes, c)))
	}
}

// next waits for nodes to read: one, or several that can be read together.
func (p *pool) next() ([]*node, *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && (!p.up() || len(p.queue) == 0 || p.connection.failed && p.connection.handles == 0) {
		p.wake.Wait()
	}
	if p.closed {
		return nil, nil
	}
	nodes := p.batch(p.dequeue())
	p.connection.holders++
	return nodes, p.connection
}

func (p *pool) dequeue() *node {
	n := p.queue[0]
	p.queue = p.queue[1:]
	n.queued = false
	n.reading = true
	return n
}

// refresh reads a node, publishes what it holds, and tells those who use it. It
// returns after how long the node is to be read again; 0 for when it changes.
func (p *pool) refresh(n *node, c *connection) time.Duration {
	delay := lastRetry
	guarded("cluster "+p.name+": reading "+n.path, func() { delay = p.readAndDeliver(n, c) })
	return delay
}

func (p *pool) readAndDeliver(n *node, c *connection) time.Duration {
	fresh, err := p.fetch(c, n)
	if err != nil {
		return p.readFailed(n, err)
	}
	return p.deliver(n, fresh)
}

func (p *pool) deliver(n *node, fresh *content) time.Duration {
	users, takers := p.publish(n, fresh)
	tell(users)
	for _, t := range takers {
		t.take(n.path, fresh)
	}
	if fresh.denied != nil {
		return deniedRetry
	}
	return 0
}

func (p *pool) readFailed(n *node, err error) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	n.delay = nextRetry(n.delay)
	if !connectionFailed(err) && n.problem != err.Error() {
		n.problem = err.Error()
		logError("cluster %s: %s can't be read: %s", p.name, n.path, n.problem)
	}
	return n.delay
}

func nextRetry(delay time.Duration) time.Duration {
	if delay == 0 {
		return firstRetry
	}
	return longer(delay, lastRetry)
}

// done ends the reading of nodes. One is read again at once when it changed
// meanwhile or was read through a connection that is gone, or after a delay.
func (p *pool) done(nodes []*node, c *connection, delays []time.Duration) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, n := range nodes {
		again := n.again || c != p.connection
		n.reading = false
		n.again = false
		if n.wanted() && again {
			p.enqueue(n)
		} else if n.wanted() && delays[i] > 0 {
			p.enqueueLater(n, delays[i])
		}
	}
	return p.letGo(c)
}

// letGo ends somebody's use of a connection; p.mu is held.
func (p *pool) letGo(c *connection) []*listener {
	c.holders--
	return p.replaceFailed()
}
