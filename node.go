package zookeeper

import (
	"time"

	"github.com/go-zookeeper/zk"
)

// A node is the watch monitor of one path: it reads and watches in one
// operation, publishes, waits for the event and reads again. All who want the
// path share it. Its fields belong to the cache's lock.
type node struct {
	path      string // with the chroot
	children  bool   // watches the list of children, not the data
	parent    bool   // is read for the names of its children only
	views     []*view
	sinks     []*sink
	content   *content        // nil until it is loaded; see contentOf
	altered   map[string]bool // children that came (true) or went since the content was read, where a recursive watch tells
	stale     time.Time       // since when no session vouches for the content; zero while one does
	queued    bool
	rechecked bool // is read for a recheck
	reading   bool
	asked     time.Time     // when it was put into the queue; zero where what is to be read was read
	again     bool          // changed while it was being read
	heard     time.Time     // when it did
	delay     time.Duration // before the last attempt after a failure; 0 after a success
	retry     *time.Timer   // the next attempt, nil where none is due
	problem   string        // why its present version can't be read or used
}

// A sink gets what is read of nodes, whole: a subtree, which has many of them. It
// may get some that it doesn't use.
//
// Yaegi: types that refer to each other in more than one ring can't be assigned to each
// other's fields, so a sink refers to no nodes: what is unread are keys.
type sink struct {
	top       string // of its nodes; their paths are below it
	put       func(b *batch)
	begin     func()                          // has all watched and read in a new connection
	note      func(path string, created bool) // a node below has come or gone, as the recursive watch tells
	users     map[*treeUser]bool
	recursive bool              // a recursive watch tells of its nodes, so they need none of their own
	stale     time.Time         // since when no session vouches for what it was given; zero while one does
	unread    map[pointKey]bool // its nodes that are to be read before a session does
}

// A batch is what was read of nodes at once.
type batch struct {
	paths    []string // with the chroot
	children bool     // the contents are lists of children
	contents []*content
}

// wanted tells whether anybody uses the node.
func (n *node) wanted() bool { return len(n.views)+len(n.sinks) > 0 }

// isCovered tells whether a node needs no watch of its own: all who use it are
// subtrees with a recursive one, which tells nothing of lists of children.
func isCovered(n *node) bool {
	if len(n.views) > 0 || len(n.sinks) == 0 || n.children && !n.parent {
		return false
	}
	for _, t := range n.sinks {
		if !t.recursive {
			return false
		}
	}
	return true
}

// fetch reads a node and watches it, or its creation where it is missing. A node
// that may not be read has no watch: ZooKeeper tells nothing of it.
func fetch(c *cache, client *connection, n *node) (*content, error) {
	w := watcherFor(c, n)
	fresh, err := fetchWith(c, client, n, w)
	if w != nil {
		releaseCovered(c, n)
	}
	return fresh, err
}

// releaseCovered takes back the watch of a node that a recursive one has come for
// while it was read.
func releaseCovered(c *cache, n *node) {
	all := lock(c)
	defer c.mu.Unlock()
	if isCovered(n) {
		forgetUnwanted(all, n)
	}
}

func fetchWith(c *cache, client *connection, n *node, w *watcher) (*content, error) {
	for {
		fresh, err := readAndWatch(c, client, n, w)
		switch err {
		case nil:
			return fresh, nil
		case zk.ErrNoNode:
			exists, _, err := c.session.exists(client, n.path, w)
			if err != nil {
				return nil, err
			}
			if !exists {
				return &content{}, nil
			}
		case zk.ErrNoAuth:
			exists, stat, err := c.session.exists(client, n.path, nil)
			if err != nil {
				return nil, err
			}
			if exists {
				return &content{exists: true, denied: client.settings.denial(), stat: stat, version: stat.Mzxid}, nil
			}
		default:
			return nil, err
		}
	}
}

// watcherFor is what a node's watch tells; nil where it needs none.
func watcherFor(c *cache, n *node) *watcher {
	c.mu.Lock()
	defer c.mu.Unlock()
	if isCovered(n) || !n.wanted() {
		return nil
	}
	return c.watcher
}

func readAndWatch(c *cache, client *connection, n *node, w *watcher) (*content, error) {
	if n.children {
		names, stat, err := c.session.childrenOf(client, n.path, w)
		if err != nil {
			return nil, err
		}
		return &content{exists: true, children: names, stat: stat, version: stat.Pzxid}, nil
	}
	data, stat, err := c.session.get(client, n.path, w)
	if err != nil {
		return nil, err
	}
	return &content{exists: true, data: data, stat: stat, version: stat.Mzxid}, nil
}

// nodeAt is a node, which is read where nobody has wanted it yet.
func nodeAt(all *nodes, full string, children bool) *node {
	kind := all.of(children)
	n := kind[full]
	if n == nil {
		n = &node{path: full, children: children}
		kind[full] = n
		enqueue(all, n)
		all.session.start()
	}
	return n
}

// noteChange has the nodes of a path read again. In a new session all of them are.
func noteChange(all *nodes, e zk.Event) {
	if e.Type == zk.EventNotWatching {
		return
	}
	n := all.data[e.Path]
	if n != nil && e.Type != zk.EventNodeChildrenChanged && !isFast(all, n) {
		enqueue(all, n)
	}
	n = all.children[e.Path]
	if n != nil && e.Type != zk.EventNodeDataChanged {
		enqueue(all, n)
	}
}

// A wish is for nodes whose contents a sink is to get.
type wish struct {
	paths    []string
	children bool // for their lists of children
	parents  bool // which are read for the names only
}

// addSink has a sink get what is read of nodes. It returns what is known of them
// already, by path, and the number of the latest content that was published: what
// comes of the other nodes has a higher one. removeSink ends that.
func addSink(c *cache, t *sink, wanted wish) (map[string]*content, int64) {
	all := lock(c)
	defer c.mu.Unlock()
	kind := all.of(wanted.children)
	alone := []*sink{t}
	var fresh []*node
	known := map[string]*content{}
	for _, path := range wanted.paths {
		n := kind[path]
		if n == nil {
			n = &node{path: path, children: wanted.children, parent: wanted.parents, sinks: alone}
			kind[path] = n
			fresh = append(fresh, n)
			continue
		}
		join(all, n, t, wanted.parents)
		if n.content != nil {
			known[path] = contentOf(n)
		}
	}
	enqueue(all, fresh...)
	all.session.start()
	return known, all.latest
}

// join adds a sink to those of a node.
func join(all *nodes, n *node, t *sink, parent bool) {
	wasCovered := isCovered(n)
	n.parent = parent && (n.parent || len(n.sinks) == 0)
	n.sinks = append(append([]*sink{}, n.sinks...), t)
	inherit(t, n)
	readStale(all, n)
	if wasCovered && !isCovered(n) {
		enqueue(all, n) // for a watch of its own
	}
}

// removeSink ends what a sink gets of a node. It tells listeners later, since a subtree
// calls it that is locked.
func removeSink(c *cache, t *sink, full string, children bool) {
	all := lock(c)
	defer unlockAndTellLater(c.session)
	n := all.of(children)[full]
	if n == nil {
		return
	}
	n.sinks = without(n.sinks, t)
	forgetUnwanted(all, n)
	if len(t.unread) > 0 {
		delete(t.unread, keyOf(n))
		vouch(all, t)
	}
}

// forgetUnwanted forgets a node that nobody uses, and takes back watches of its own
// that it doesn't need any more.
func forgetUnwanted(all *nodes, n *node) {
	kind := all.of(n.children)
	if !n.wanted() && kind[n.path] == n {
		n.stopRetry()
		delete(kind, n.path)
	}
	data, children := needsOwnWatch(all.data[n.path]), needsOwnWatch(all.children[n.path])
	if !data && !children {
		leaveWatch(all.session, pointKey{path: n.path}, all.watcher)
	}
	if !children {
		leaveWatch(all.session, pointKey{path: n.path, children: true}, all.watcher)
	}
}

func needsOwnWatch(n *node) bool { return n != nil && n.wanted() && !isCovered(n) }
