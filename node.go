package zookeeper

import (
	"time"

	"github.com/go-zookeeper/zk"
)

// A node is the watch monitor of one path: it reads and watches in one
// operation, publishes, waits for the event and reads again. All who want the
// path share it. Its fields belong to the pool's lock.
type node struct {
	path     string // with the chroot
	children bool   // watches the list of children, not the data
	parent   bool   // is read for the names of its children only
	views    []*view
	takers   []*taker
	content  *content        // nil until it is loaded; see contentOf
	altered  map[string]bool // children that came (true) or went since the content was read, where a recursive watch tells
	stale    time.Time       // since when no session vouches for the content; zero while one does
	queued   bool
	audited  bool // is read for an audit
	reading  bool
	asked    time.Time     // when it was put into the queue; zero where what is to be read was read
	again    bool          // changed while it was being read
	heard    time.Time     // when it did
	delay    time.Duration // before the last attempt after a failure; 0 after a success
	retry    *time.Timer   // the next attempt, nil where none is due
	problem  string        // why its present version can't be read or used
}

// A taker gets what is read of nodes, whole: a subtree, which has many of them. It
// may get some that it doesn't use.
type taker struct {
	take    func(paths []string, children bool, contents []*content)
	carried bool              // a recursive watch tells of its nodes, so they need none of their own
	stale   time.Time         // since when no session vouches for what it was given; zero while one does
	unread  map[pointKey]bool // its nodes that are to be read before a session does
}

// wanted tells whether anybody uses the node.
func (n *node) wanted() bool { return len(n.views)+len(n.takers) > 0 }

// isCarried tells whether a node needs no watch of its own: all who use it are
// subtrees with a recursive one, which tells nothing of lists of children.
func isCarried(n *node) bool {
	if len(n.views) > 0 || len(n.takers) == 0 || n.children && !n.parent {
		return false
	}
	for _, t := range n.takers {
		if !t.carried {
			return false
		}
	}
	return true
}

// A listener is told of changes. Instances listen; nodes don't know them.
//
// Yaegi: types that refer to each other in more than one ring can't be
// assigned to each other's fields, so references go one way only: instance,
// subscription, pool, node, view, listener.
type listener struct {
	what      string // for the log
	changed   func()
	staleness bool // is also told when values become stale, and fresh again
}

// fetch reads a node and watches it, or its creation where it is missing. A node
// that may not be read has no watch: ZooKeeper tells nothing of it.
func (p *pool) fetch(c *connection, n *node) (*content, error) {
	w := p.watcherFor(n)
	fresh, err := p.fetchWith(c, n, w)
	if w != nil {
		p.releaseCarried(n)
	}
	return fresh, err
}

// releaseCarried takes back the watch of a node that a recursive one has come for
// while it was read.
func (p *pool) releaseCarried(n *node) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if isCarried(n) {
		p.forgetUnwanted(n)
	}
}

func (p *pool) fetchWith(c *connection, n *node, w *watcher) (*content, error) {
	for {
		fresh, err := p.readAndWatch(c, n, w)
		switch err {
		case nil:
			return fresh, nil
		case zk.ErrNoNode:
			exists, _, err := p.exists(c, n.path, w)
			if err != nil {
				return nil, err
			}
			if !exists {
				return &content{}, nil
			}
		case zk.ErrNoAuth:
			exists, stat, err := p.exists(c, n.path, nil)
			if err != nil {
				return nil, err
			}
			if exists {
				return &content{exists: true, denied: c.settings.denial(), stat: stat, version: stat.Mzxid}, nil
			}
		default:
			return nil, err
		}
	}
}

// watcherFor is what a node's watch tells; nil where it needs none.
func (p *pool) watcherFor(n *node) *watcher {
	p.mu.Lock()
	defer p.mu.Unlock()
	if isCarried(n) || !n.wanted() {
		return nil
	}
	return p.nodeWatcher
}

func (p *pool) readAndWatch(c *connection, n *node, w *watcher) (*content, error) {
	if n.children {
		names, stat, err := p.childrenOf(c, n.path, w)
		if err != nil {
			return nil, err
		}
		return &content{exists: true, children: names, stat: stat, version: stat.Pzxid}, nil
	}
	data, stat, err := p.get(c, n.path, w)
	if err != nil {
		return nil, err
	}
	return &content{exists: true, data: data, stat: stat, version: stat.Mzxid}, nil
}

func (p *pool) nodeOf(full string, children bool) *node {
	nodes := p.nodes(children)
	n := nodes[full]
	if n == nil {
		n = &node{path: full, children: children}
		nodes[full] = n
		p.enqueue(n)
		p.start()
	}
	return n
}

// changed has the nodes of a path read again. In a new session all of them are.
func (p *pool) changed(e zk.Event) {
	if e.Type == zk.EventNotWatching {
		return
	}
	n := p.data[e.Path]
	if n != nil && e.Type != zk.EventNodeChildrenChanged && !isPrompt(p, n) {
		p.enqueue(n)
	}
	n = p.children[e.Path]
	if n != nil && e.Type != zk.EventNodeDataChanged {
		p.enqueue(n)
	}
}

// adopt has a taker get what is read of nodes. It returns what is known of them
// already, by path, and the number of the latest content that was published: what
// comes of the other nodes has a higher one. abandon ends that.
func (p *pool) adopt(t *taker, paths []string, children, parents bool) (map[string]*content, int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	nodes := p.nodes(children)
	alone := []*taker{t}
	var fresh []*node
	known := map[string]*content{}
	for _, path := range paths {
		n := nodes[path]
		if n == nil {
			n = &node{path: path, children: children, parent: parents, takers: alone}
			nodes[path] = n
			fresh = append(fresh, n)
			continue
		}
		p.join(n, t, parents)
		if n.content != nil {
			known[path] = contentOf(n)
		}
	}
	p.enqueue(fresh...)
	p.start()
	return known, p.published
}

// join adds a taker to those of a node; p.mu is held.
func (p *pool) join(n *node, t *taker, parent bool) {
	carried := isCarried(n)
	n.parent = parent && (n.parent || len(n.takers) == 0)
	n.takers = append(append([]*taker{}, n.takers...), t)
	t.inherit(n)
	p.readStale(n)
	if carried && !isCarried(n) {
		p.enqueue(n) // for a watch of its own
	}
}

func (p *pool) abandon(t *taker, full string, children bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.nodes(children)[full]
	if n == nil {
		return
	}
	n.takers = without(n.takers, t)
	p.forgetUnwanted(n)
	if len(t.unread) > 0 {
		delete(t.unread, keyOf(n))
		affected := p.vouch(t)
		if len(affected) > 0 {
			go tell(affected)
		}
	}
}

// forgetUnwanted forgets a node that nobody uses, and takes back watches of its own
// that it doesn't need any more; p.mu is held.
func (p *pool) forgetUnwanted(n *node) {
	if !n.wanted() && p.nodes(n.children)[n.path] == n {
		n.stopRetry()
		delete(p.nodes(n.children), n.path)
	}
	data, children := needsOwnWatch(p.data[n.path]), needsOwnWatch(p.children[n.path])
	if !data && !children {
		p.desert(pointKey{path: n.path}, p.nodeWatcher)
	}
	if !children {
		p.desert(pointKey{path: n.path, children: true}, p.nodeWatcher)
	}
}

func needsOwnWatch(n *node) bool { return n != nil && n.wanted() && !isCarried(n) }

// without is a list that lacks one of its items.
func without[T comparable](items []T, gone T) []T {
	var rest []T
	for _, item := range items {
		if item != gone {
			rest = append(rest, item)
		}
	}
	return rest
}

// publish stores what was read and returns who is to be told, who gets it, and what
// is new.
func publish(p *pool, nodes []*node, contents []*content) ([]*listener, []*taker, []*change) {
	readings := readingsOf(p, nodes, contents)
	p.mu.Lock()
	defer p.mu.Unlock()
	var changes []*change
	var viewed []*view
	var takers []*taker
	var latest *taker
	for i, n := range nodes {
		before := n.content
		c := contents[i]
		if before != nil && (before.version != c.version || before.exists != c.exists) {
			changes = append(changes, changeOf(n, before, c))
		}
		p.published++
		c.number = p.published
		n.content = c
		n.altered = nil
		n.asked = n.heard
		n.heard = time.Time{}
		n.stale = p.downSince
		n.delay = 0
		n.problem = ""
		for _, v := range n.views {
			r := readings[v]
			if r == nil && v.format != formatText { // it came meanwhile
				go readViewOf(p, n, v)
				continue
			}
			if r == nil {
				r = read(v.format, v.key, c)
			}
			accept(p, n, v, c, r)
			viewed = append(viewed, v)
		}
		for _, t := range n.takers {
			if t != latest {
				latest = t
				takers = append(without(takers, t), t)
			}
		}
	}
	users := usersOf(viewed)
	return users, takers, changes
}
