package zookeeper

import (
	"strings"

	"github.com/go-zookeeper/zk"
)

// One recursive watch tells of everything below a subtree's root. ZooKeeper has
// them since 3.6, and the vendored client by its patches; where either lacks
// them, each node has a watch of its own.

// A carrier is a client that can watch recursively, take watches back, and read
// many nodes at once.
type carrier interface {
	AddRecursiveWatch(path string) error
	RemoveRecursiveWatch(path string) error
	RemoveWatches(path string, children bool) error
	MultiGet(paths []string) ([][]byte, []*zk.Stat, []error, error)
}

// A reader is what every client can do.
//
// Yaegi: what is in an any can't be asserted to be an interface of the plugin's;
// what is in another interface can.
type reader interface {
	Exists(path string) (bool, *zk.Stat, error)
}

func asReader(client *zk.Conn) reader { return client }

// carrierOf is nil for a client that can't.
func carrierOf(client *zk.Conn) carrier {
	able, isAble := asReader(client).(carrier)
	if !isAble {
		return nil
	}
	return able
}

// plant has the subtree told of sessions, of which there may be one already. Where
// there was one, something may be known of its nodes.
func (p *pool) plant(t *subtree) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roots = append(append([]*subtree{}, p.roots...), t)
	p.start()
	t.taker.stale = p.downSince
	if p.up() {
		t.root()
	} else if p.sessionID != 0 {
		t.pending.Add(1)
		p.rootMail.post(t.readKnown)
	}
}

func (t *subtree) readKnown() {
	t.readAll()
	tell(t.notPending())
}

func (p *pool) uproot(t *subtree) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roots = without(p.roots, t)
	p.rootMail.post(p.unwatchUnneeded)
}

// unwatchUnneeded removes the recursive watches that no subtree needs any more. The
// client sees to other watches of the same node, which the server would remove with
// it. While there is no session the client keeps them all, and sets them again; so
// this is done again then.
func (p *pool) unwatchUnneeded() {
	c, _ := p.use()
	if c == nil {
		return
	}
	for _, top := range p.unneeded(c) {
		err := carrierOf(c.client).RemoveRecursiveWatch(top)
		if err == nil || !connectionFailed(err) {
			p.noteRecursive(c, top, false)
		}
	}
	tell(p.unuse(c))
}

// unneeded are the roots of the recursive watches that a connection has for nobody.
func (p *pool) unneeded(c *connection) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	needed := map[string]bool{}
	for _, t := range p.roots {
		needed[t.top()] = true
	}
	var rest []string
	for _, top := range sortedKeys(c.recursive) {
		if !needed[top] {
			rest = append(rest, top)
		}
	}
	return rest
}

func (p *pool) noteRecursive(c *connection, top string, isSet bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if isSet {
		c.recursive[top] = true
	} else {
		delete(c.recursive, top)
	}
}

// root has the subtree watched and read in a new connection; p.mu is held.
func (t *subtree) root() {
	t.pool.rootMail.post(t.watchAndRead)
}

// watchAndRead sets the recursive watch, and then has all nodes read, since it
// tells nothing of what was before. Where each node has a watch of its own, that
// is needed in a new session only, or where somebody mustn't go by what may have changed.
func (t *subtree) watchAndRead() {
	p := t.pool
	c, v := p.use()
	if c == nil {
		return
	}
	if t.closed.Load() {
		tell(p.unuse(c))
		return
	}
	err := zk.ErrAPIError
	able := carrierOf(c.client)
	if able != nil {
		err = able.AddRecursiveWatch(t.top())
	}
	carried := err == nil
	if carried {
		p.noteRecursive(c, t.top(), true)
	}
	if carried || !connectionFailed(err) {
		p.setCarried(t.taker, carried, c, v)
		if carried || t.before.carried || t.before.session != v.session || p.isSensitive(t) {
			t.readAll()
		} else {
			tell(p.vouchUnread(t.taker))
		}
		t.before = v
		t.before.carried = carried
	}
	tell(p.unuse(c))
	if carried && t.closed.Load() {
		p.unwatchUnneeded()
	}
}

// A visit is a session at a server, from a connection to its end.
type visit struct {
	session int64
	number  int
	carried bool // by a recursive watch
}

// use holds the connection, nil where there is no session.
func (p *pool) use() (*connection, visit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.up() {
		return nil, visit{}
	}
	p.connection.holders++
	return p.connection, visit{session: p.sessionID, number: p.connection.visit}
}

func (p *pool) unuse(c *connection) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	return letGo(p, c)
}

// setCarried notes whether a recursive watch is set, unless the connection that
// it was set in is gone.
func (p *pool) setCarried(t *taker, carried bool, c *connection, v visit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.carried = carried && c == p.connection && v.number == c.visit && p.up()
	if !t.carried {
		return
	}
	for _, n := range p.allNodes() {
		if n.content != nil && hasTaker(n, t) && isCarried(n) {
			p.forgetUnwanted(n) // its own watch isn't needed any more
		}
	}
}

func hasTaker(n *node, t *taker) bool {
	for _, other := range n.takers {
		if other == t {
			return true
		}
	}
	return false
}

// readAll has all nodes of the subtree read, beginning with its root.
func (t *subtree) readAll() {
	tell(t.startAll())
}

// startAll returns who is to be told: what others read already is there at once.
func (t *subtree) startAll() []*listener {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed.Load() {
		return nil
	}
	if t.parents[t.top()] != nil {
		t.pool.enqueueTaken(t.taker)
		return nil
	}
	t.follow(0, t.top())
	return append(t.readied(), t.pool.vouchFor(t.taker)...)
}

func (p *pool) enqueueTaken(t *taker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var taken []*node
	for _, n := range p.allNodes() {
		if hasTaker(n, t) {
			n.delay = 0
			taken = append(taken, n)
		}
	}
	t.awaitReading(taken)
	p.enqueue(taken...)
}

// carry passes an event on to the subtrees that it may be in; p.mu is held.
func (p *pool) carry(e zk.Event) {
	n := p.data[e.Path]
	if n != nil && isCarried(n) {
		p.enqueue(n)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDeleted {
		return
	}
	p.alter(e.Path, e.Type == zk.EventNodeCreated)
	for _, t := range p.roots {
		if t.taker.carried && isBelow(e.Path, t.top()) {
			t.pass(e)
		}
	}
}

func (t *subtree) pass(e zk.Event) {
	t.mail.post(func() { t.noticed(e.Path, e.Type == zk.EventNodeCreated) })
}

func isBelow(path, top string) bool {
	return top == "/" || path == top || strings.HasPrefix(path, top+"/")
}

// contentOf is a node's content as it is now: the list of children of a node with a
// recursive watch isn't read again when one comes or goes. p.mu is held.
func contentOf(n *node) *content {
	if len(n.altered) == 0 {
		return n.content
	}
	c := *n.content
	c.children = nil
	for _, name := range n.content.children {
		_, isAltered := n.altered[name]
		if !isAltered {
			c.children = append(c.children, name)
		}
	}
	for _, name := range sortedKeys(n.altered) {
		if n.altered[name] {
			c.children = append(c.children, name)
		}
	}
	n.content = &c
	n.altered = nil
	return n.content
}

// mostAltered children of a node are noted before its list is read again.
const mostAltered = 1000

// alter notes a child that came or went; p.mu is held.
func (p *pool) alter(path string, exists bool) {
	above, name := splitPath(path)
	n := p.children[above]
	if n == nil || !isCarried(n) {
		return
	}
	if n.reading {
		p.enqueue(n) // what comes may be older
	}
	if n.content == nil {
		return
	}
	if n.altered == nil {
		n.altered = map[string]bool{}
	}
	n.altered[name] = exists
	if len(n.altered) > mostAltered {
		p.enqueue(n)
	}
}
