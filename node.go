package zookeeper

import (
	"strings"
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
	content  *content  // nil until it is loaded
	stale    time.Time // since when no session vouches for the content; zero while one does
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

// A view is what one format makes of a node, for all who read it so.
type view struct {
	format  string
	key     string
	users   map[*listener]int
	value   any   // the last good one, or nil where the node has none
	refused bool  // the node's present version is none
	logged  int64 // the version of the node that was refused last
}

// A taker gets what is read of nodes, whole: a subtree, which has many of them. It
// may get some that it doesn't use.
type taker struct {
	take    func(paths []string, children bool, contents []*content)
	carried bool // a recursive watch tells of its nodes, so they need none of their own
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
				return &content{exists: true, denied: p.settings.denial(), stat: stat, version: stat.Mzxid}, nil
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

// adopt has a taker get what is read of nodes; what is known of them already comes
// with the call. abandon ends that.
func (p *pool) adopt(t *taker, paths []string, children, parents bool) ([]string, []*content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	nodes := p.nodes(children)
	alone := []*taker{t}
	var fresh []*node
	var known []string
	var contents []*content
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
			known = append(known, path)
			contents = append(contents, n.content)
		}
	}
	p.enqueue(fresh...)
	p.start()
	return known, contents
}

// join adds a taker to those of a node; p.mu is held.
func (p *pool) join(n *node, t *taker, parent bool) {
	carried := isCarried(n)
	n.parent = parent && (n.parent || len(n.takers) == 0)
	n.takers = append(append([]*taker{}, n.takers...), t)
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
}

// forgetUnwanted forgets a node that nobody uses; p.mu is held.
func (p *pool) forgetUnwanted(n *node) {
	if !n.wanted() {
		n.stopRetry()
		delete(p.nodes(n.children), n.path)
		if p.data[n.path] == nil && p.children[n.path] == nil {
			p.desert(pointKey{path: n.path}, p.nodeWatcher)
			p.desert(pointKey{path: n.path, children: true}, p.nodeWatcher)
		}
	}
}

func (p *pool) viewOf(n *node, format, key string) *view {
	for _, v := range n.views {
		if v.format == format && v.key == key {
			return v
		}
	}
	v := &view{format: format, key: key, users: map[*listener]int{}}
	n.views = append(n.views, v)
	if n.content != nil {
		accept(p, n, v, read(format, key, n.content))
	}
	return v
}

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
		n.content = c
		n.asked = n.heard
		n.heard = time.Time{}
		n.stale = p.downSince
		n.delay = 0
		n.problem = ""
		for _, v := range n.views {
			r := readings[v]
			if r == nil { // a text, or for a view that came meanwhile
				r = read(v.format, v.key, c)
			}
			accept(p, n, v, r)
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

// readingsOf reads the contents for each view, outside of the lock, except for texts,
// which take no time.
func readingsOf(p *pool, nodes []*node, contents []*content) map[*view]*reading {
	viewed := map[*view]*content{}
	p.mu.Lock()
	for i, n := range nodes {
		for _, v := range n.views {
			if v.format != formatText {
				viewed[v] = contents[i]
			}
		}
	}
	p.mu.Unlock()
	readings := map[*view]*reading{}
	for v, c := range viewed {
		readings[v] = read(v.format, v.key, c)
	}
	return readings
}

func usersOf(views []*view) []*listener {
	seen := make(map[*listener]bool)
	var users []*listener
	for _, v := range views {
		for user := range v.users {
			if !seen[user] {
				seen[user] = true
				users = append(users, user)
			}
		}
	}
	return users
}

// accept takes a reading in. What can't be served is logged, once a version, and
// leaves the last good value in its place.
func accept(p *pool, n *node, v *view, r *reading) {
	v.refused = r.refused != nil
	if !v.refused {
		v.value = r.value
		return
	}
	n.problem = refusedAs(v.format, v.key, r.refused)
	if v.logged != n.content.version {
		v.logged = n.content.version
		p.refused.Add(1)
		logCluster(levelWarn, p.name, "%s %s", n.path, n.problem)
	}
}

func refusedAs(format, key string, why error) string {
	if key != "" {
		format += " " + key
	}
	return "refused as " + format + refusedSince + why.Error()
}

const refusedSince = ": it "

// withoutReason is why a version was refused, without the words that quote it.
func withoutReason(problem string) string {
	refused, _, _ := strings.Cut(problem, refusedSince)
	return refused
}
