package zookeeper

import "github.com/go-zookeeper/zk"

// A watcher is told of events. It is called under the pool's lock, in the
// client's goroutines: it must not block, nor take that lock.
type watcher struct {
	notify func(zk.Event)
	always bool       // it is never forgotten, so nobody keeps where it waits
	keys   []pointKey // where it waits
	gone   bool
}

// A watchpoint is ZooKeeper's one-shot watch of a node's data or children in the
// session of a pool. However many watchers wait for its event, the server has it
// once, and once only the client keeps it: the client can't take a watch back.
type watchpoint struct {
	asking   int  // operations on their way
	set      bool // the server has the watch
	spent    bool // its event has come
	event    zk.Event
	watchers []*watcher
}

type pointKey struct {
	path     string // with the chroot
	children bool
}

// watched does an operation that reads a node, and has the watcher told of the
// first event after it. The operation is to ask for a watch where none is set.
func (p *pool) watched(c *connection, key pointKey, w *watcher, operation func(ask bool) error) error {
	for {
		point, ask := p.pointAt(key)
		err := operation(ask)
		if err != nil {
			p.unasked(key, point)
			return err
		}
		if arm(p, c, key, point, w, ask) {
			return nil
		}
	}
}

func (p *pool) pointAt(key pointKey) (*watchpoint, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	point := p.points[key]
	if point == nil {
		point = &watchpoint{}
		p.points[key] = point
	}
	point.asking++
	return point, !point.set
}

func (p *pool) unasked(key pointKey, point *watchpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	point.asking--
	p.forgetUnset(key, point)
}

func (p *pool) forgetUnset(key pointKey, point *watchpoint) {
	if point.asking == 0 && !point.set && p.points[key] == point {
		delete(p.points, key)
	}
}

// arm tells whether the watcher will be told, or has been. It isn't where the
// operation relied on a watch that was spent meanwhile. A watch in a connection
// that was replaced is gone.
func arm(p *pool, c *connection, key pointKey, point *watchpoint, w *watcher, asked bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	point.asking--
	if c != p.connection {
		p.forgetUnset(key, point)
		w.notify(zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: key.path, Err: zk.ErrClosing})
		return true
	}
	if !point.spent {
		point.set = true
		addWatcher(point, key, w)
		return true
	}
	if asked {
		w.notify(point.event)
	}
	return asked
}

// addWatcher lets a watcher wait at a watchpoint, once however often it is armed.
func addWatcher(point *watchpoint, key pointKey, w *watcher) {
	if w.gone || hasWatcher(point, w) {
		return
	}
	point.watchers = append(point.watchers, w)
	if !w.always {
		w.keys = append(w.keys, key)
	}
}

func hasWatcher(point *watchpoint, w *watcher) bool {
	for _, other := range point.watchers {
		if other == w {
			return true
		}
	}
	return false
}

// forget takes a watcher from wherever it waits.
func (p *pool) forget(w *watcher) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sessionWatchers, w)
	w.gone = true
	for _, key := range w.keys {
		p.desert(key, w)
	}
	w.keys = nil
}

// desert takes a watcher from a watchpoint. A watch that nobody waits for is taken
// back from the server, where the client can; p.mu is held.
func (p *pool) desert(key pointKey, w *watcher) {
	point := p.points[key]
	if point == nil {
		return
	}
	point.watchers = without(point.watchers, w)
	if point.isIdle() && p.connection.client != nil {
		p.takeBackLater(p.connection, key, point)
	}
}

// takeBackIdle takes back the watches that nobody waits for any more, and that could
// not be taken back while there was no connection; p.mu is held.
func (p *pool) takeBackIdle() {
	c := p.connection
	for key, point := range p.points {
		if point.isIdle() {
			p.takeBackLater(c, key, point)
		}
	}
}

func (p *pool) takeBackLater(c *connection, key pointKey, point *watchpoint) {
	p.rootMail.post(func() { p.takeBack(c, key, point) })
}

func (point *watchpoint) isIdle() bool {
	return point.set && point.asking == 0 && len(point.watchers) == 0
}

func (p *pool) takeBack(c *connection, key pointKey, point *watchpoint) {
	able := carrierOf(c.client)
	if able == nil || !p.isDeserted(c, key, point) {
		return
	}
	if able.RemoveWatches(key.path, key.children) == nil {
		p.rewatch(key)
	}
}

// isDeserted gives a watchpoint up that still is idle.
func (p *pool) isDeserted(c *connection, key pointKey, point *watchpoint) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c != p.connection || p.closed || !p.up() || p.points[key] != point || !point.isIdle() {
		return false
	}
	delete(p.points, key)
	return true
}

// rewatch tells those whose watch was set while another one of the same node was
// taken back, and may be gone with it.
func (p *pool) rewatch(key pointKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.presume(key)
}

// presume tells those who wait at a watchpoint of a change that no event told of, and
// gives the watchpoint up; p.mu is held.
func (p *pool) presume(key pointKey) {
	e := zk.Event{Type: zk.EventNodeDataChanged, State: zk.StateSyncConnected, Path: key.path}
	if key.children {
		e.Type = zk.EventNodeChildrenChanged
	}
	spend(p, key, e)
}

// fire spends the watchpoints that an event is for; p.mu is held.
func fire(p *pool, e zk.Event) {
	if e.Type != zk.EventNodeChildrenChanged {
		spend(p, pointKey{path: e.Path}, e)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDataChanged {
		spend(p, pointKey{path: e.Path, children: true}, e)
	}
	if len(p.roots) > 0 {
		p.carry(e)
	}
}

func spend(p *pool, key pointKey, e zk.Event) {
	point := p.points[key]
	if point == nil {
		return
	}
	delete(p.points, key)
	point.spent = true
	point.event = e
	for _, w := range point.watchers {
		w.keys = without(w.keys, key)
		w.notify(e)
	}
}

// spendAll tells all watchers that their watches are gone, and why; p.mu is held.
func (p *pool) spendAll(err error) {
	for key := range p.points {
		spend(p, key, zk.Event{Type: zk.EventNotWatching, State: zk.StateDisconnected, Path: key.path, Err: err})
	}
}
