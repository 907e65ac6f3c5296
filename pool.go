package zookeeper

import (
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// pool is what all instances of a process share of one cluster: the session
// and the nodes that are watched through it. It connects when the first node is
// wanted. Locks are taken in the order registry, instance, pool; no operation
// on the connection and no call into an instance happens under the pool's.
type pool struct {
	name     string
	settings *settings
	log      *clientLog
	refs     int // members of the registry that use it; belongs to the registry's lock

	mu        sync.Mutex
	wake      *sync.Cond // the queue has grown, the session is up, or the pool is closed
	data      map[string]*node
	children  map[string]*node
	queue     []*node
	active    map[*node]time.Time // being read, since when
	started   bool
	closed    bool
	conn      *zk.Conn
	sessionID int64
	up        bool
	downSince time.Time // zero while a session is up
	lost      bool

	clientNo    int // tells events of a client that was replaced
	clientSince time.Time
}

const (
	readers = 4 // nodes that are read at the same time
	tick    = time.Second
)

func newPool(name string, s *settings) *pool {
	p := &pool{
		name: name, settings: s, log: &clientLog{},
		data: map[string]*node{}, children: map[string]*node{}, active: map[*node]time.Time{},
		downSince: time.Now(),
	}
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
	p.connect()
	for i := 0; i < readers; i++ {
		go keepRunning("cluster "+p.name+": reader", p.readNodes)
	}
	after(tick, "cluster "+p.name+": watchdog", p.watchdog)
}

// close ends the session and every goroutine of the pool.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.dropConn()
	p.wake.Broadcast()
	if p.started {
		logInfo("cluster %s: closed", p.name)
	}
}

// enqueue asks for a node to be read; p.mu is held.
func (p *pool) enqueue(n *node) {
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

func (p *pool) enqueueLater(n *node, delay time.Duration) {
	after(delay, "cluster "+p.name+": retry", func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(n.views) > 0 {
			p.enqueue(n)
		}
	})
}

// readNodes is the work of a reader: one node after the other, while there is a
// session, until the pool is closed.
func (p *pool) readNodes() {
	for {
		n, conn := p.next()
		if n == nil {
			return
		}
		p.refresh(n, conn)
	}
}

func (p *pool) next() (*node, *zk.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && (!p.up || len(p.queue) == 0) {
		p.wake.Wait()
	}
	if p.closed {
		return nil, nil
	}
	n := p.queue[0]
	p.queue = p.queue[1:]
	n.queued = false
	n.reading = true
	p.active[n] = time.Now()
	return n, p.conn
}

// refresh reads a node, publishes what it holds, and tells those who use it.
func (p *pool) refresh(n *node, conn *zk.Conn) {
	var c *content
	var err error
	if !guarded("cluster "+p.name+": reading "+n.path, func() { c, err = fetch(conn, n) }) {
		p.release(n, nil, lastRetry)
		return
	}
	if err != nil {
		p.readFailed(n, err)
		return
	}
	var users []*listener
	if !guarded("cluster "+p.name+": taking "+n.path, func() { users = p.publish(n, c) }) {
		p.release(n, nil, lastRetry)
		return
	}
	tell(users)
	delay := time.Duration(0)
	if c.denied != nil {
		delay = deniedRetry
	}
	p.release(n, conn, delay)
}

func (p *pool) readFailed(n *node, err error) {
	p.mu.Lock()
	first := n.retries == 0
	n.retries = nextRetry(n.retries)
	delay := n.retries
	p.mu.Unlock()
	if first && !connectionFailed(err) {
		logError("cluster %s: %s can't be read: %s", p.name, n.path, err.Error())
	}
	p.release(n, nil, delay)
}

func nextRetry(delay time.Duration) time.Duration {
	if delay == 0 {
		return firstRetry
	}
	return longer(delay, lastRetry)
}

// release ends the reading of a node. It is read again at once when it changed
// meanwhile or was read through a connection that is gone, or after a delay.
func (p *pool) release(n *node, conn *zk.Conn, delay time.Duration) {
	p.mu.Lock()
	again := n.again || conn != nil && conn != p.conn
	n.reading = false
	n.again = false
	delete(p.active, n)
	if again && len(n.views) > 0 {
		p.enqueue(n)
		delay = 0
	}
	p.mu.Unlock()
	if delay > 0 {
		p.enqueueLater(n, delay)
	}
}
