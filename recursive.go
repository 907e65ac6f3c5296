package zookeeper

import (
	"strings"

	"github.com/go-zookeeper/zk"
)

// One recursive watch tells of everything below a subtree's root. ZooKeeper has
// them since 3.6, and the vendored client by its patches; where either lacks
// them, each node has a watch of its own.

// addTree has the subtree told of sessions, of which there may be one already. Where
// there was one, something may be known of its nodes.
func addTree(t *subtree) {
	all := lock(t.cache)
	defer t.cache.mu.Unlock()
	all.sinks = append(append([]*sink{}, all.sinks...), t.sink)
	all.session.start()
	t.sink.stale = all.session.downSince
	if all.session.up() {
		begin(t)
	} else if all.session.id != 0 {
		t.pending.Add(1)
		t.cache.session.serial.post(t.readKnown)
	}
}

func (t *subtree) readKnown() {
	readAll(t)
	endPending(t)
}

func removeTree(t *subtree) {
	c := t.cache
	all := lock(c)
	defer c.mu.Unlock()
	all.sinks = without(all.sinks, t.sink)
	c.session.serial.post(func() { unwatchUnneeded(c) })
}

// unwatchUnneeded removes the recursive watches that no subtree needs any more. The
// client sees to other watches of the same node, which the server would remove with
// it. While there is no session the client keeps them all, and sets them again; so
// this is done again then.
func unwatchUnneeded(c *cache) {
	client, _ := use(c)
	if client == nil {
		return
	}
	for _, top := range unneeded(c, client) {
		err := manyReaderOf(client.client).RemoveRecursiveWatch(top)
		if err == nil || !connectionFailed(err) {
			c.mu.Lock()
			delete(client.recursive, top)
			c.mu.Unlock()
		}
	}
	c.session.release(client)
}

// unneeded are the roots of the recursive watches that a connection has for nobody.
func unneeded(c *cache, client *connection) []string {
	all := lock(c)
	defer c.mu.Unlock()
	needed := map[string]bool{}
	for _, t := range all.sinks {
		needed[t.top] = true
	}
	var rest []string
	for _, top := range sortedKeys(client.recursive) {
		if !needed[top] {
			rest = append(rest, top)
		}
	}
	return rest
}

// begin has the subtree watched and read in a new connection.
func begin(t *subtree) {
	t.cache.session.serial.post(t.watchAndRead)
}

// watchAndRead sets the recursive watch, and then has all nodes read, since it
// tells nothing of what was before.
func (t *subtree) watchAndRead() {
	c := t.cache
	client, v := use(c)
	if client == nil {
		return
	}
	if t.closed.Load() {
		c.session.release(client)
		return
	}
	err := watchTree(t, client)
	v.recursive = err == nil
	if err == nil || !connectionFailed(err) {
		readWatched(t, client, v)
	}
	c.session.release(client)
	if err == nil && t.closed.Load() {
		unwatchUnneeded(c)
	}
}

// watchTree sets the recursive watch.
func watchTree(t *subtree, client *connection) error {
	able := manyReaderOf(client.client)
	if able == nil {
		return zk.ErrAPIError
	}
	err := able.AddRecursiveWatch(t.top())
	if err == nil {
		t.cache.mu.Lock()
		client.recursive[t.top()] = true
		t.cache.mu.Unlock()
	}
	return err
}

// readWatched has all nodes read once they are watched. Where each node has a watch of
// its own, that is needed in a new session only, or where somebody mustn't go by what
// may have changed.
func readWatched(t *subtree, client *connection, v visit) {
	setRecursive(t, client, v)
	if v.recursive || t.before.recursive || t.before.session != v.session || isSensitive(t) {
		readAll(t)
	} else {
		vouchUnread(t)
	}
	t.before = v
}

// A visit is a session at a server, from a connection to its end.
type visit struct {
	session   int64
	number    int
	recursive bool // there is a recursive watch
}

// use holds the connection, nil where there is no session.
func use(c *cache) (*connection, visit) {
	all := lock(c)
	defer c.mu.Unlock()
	client := all.session.hold()
	if client == nil {
		return nil, visit{}
	}
	return client, visit{session: all.session.id, number: client.visit}
}

// setRecursive notes whether a recursive watch is set, unless the connection that
// it was set in is gone.
func setRecursive(t *subtree, client *connection, v visit) {
	all := lock(t.cache)
	defer t.cache.mu.Unlock()
	t.sink.recursive = v.recursive && client == all.session.connection && v.number == client.visit && all.session.up()
	if !t.sink.recursive {
		return
	}
	for _, n := range all.every() {
		if n.content != nil && hasSink(n, t.sink) && isCovered(n) {
			forgetUnwanted(all, n) // its own watch isn't needed any more
		}
	}
}

func hasSink(n *node, t *sink) bool {
	for _, other := range n.sinks {
		if other == t {
			return true
		}
	}
	return false
}

// readAll has all nodes of the subtree read, beginning with its root. What others have
// read already is there at once.
func readAll(t *subtree) {
	t.mu.Lock()
	defer unlockTree(t)
	if t.closed.Load() {
		return
	}
	if t.parents[t.top()] != nil {
		enqueueAll(t)
		return
	}
	follow(t, 0, t.top())
	noteReady(t)
	vouchRead(t)
}

func enqueueAll(t *subtree) {
	all := lock(t.cache)
	defer t.cache.mu.Unlock()
	var own []*node
	for _, n := range all.every() {
		if hasSink(n, t.sink) {
			n.delay = 0
			own = append(own, n)
		}
	}
	awaitReading(t.sink, own)
	enqueue(all, own...)
}

// passOn passes an event on to the subtrees that it may be in.
func passOn(all *nodes, e zk.Event) {
	if len(all.sinks) == 0 {
		return
	}
	n := all.data[e.Path]
	if n != nil && isCovered(n) {
		enqueue(all, n)
	}
	if e.Type != zk.EventNodeCreated && e.Type != zk.EventNodeDeleted {
		return
	}
	alter(all, e.Path, e.Type == zk.EventNodeCreated)
	for _, t := range all.sinks {
		if t.recursive && isBelow(e.Path, t.top) {
			t.note(e.Path, e.Type == zk.EventNodeCreated)
		}
	}
}

func isBelow(path, top string) bool {
	return top == "/" || path == top || strings.HasPrefix(path, top+"/")
}

// contentOf is a node's content as it is now: the list of children of a node with a
// recursive watch isn't read again when one comes or goes.
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

// alter notes a child that came or went.
func alter(all *nodes, path string, exists bool) {
	above, name := splitPath(path)
	n := all.children[above]
	if n == nil || !isCovered(n) {
		return
	}
	if n.reading {
		enqueue(all, n) // what comes may be older
	}
	if n.content == nil {
		return
	}
	if n.altered == nil {
		n.altered = map[string]bool{}
	}
	n.altered[name] = exists
	if len(n.altered) > mostAltered {
		enqueue(all, n)
	}
}
