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
	views    []*view
	content  *content  // nil until it is loaded
	stale    time.Time // since when no session vouches for the content; zero while one does
	queued   bool
	reading  bool
	again    bool // changed while it was being read
	watcher  *watcher
	delay    time.Duration // before the last attempt after a failure; 0 after a success
	retry    *time.Timer   // the next attempt, nil where none is due
	problem  string        // why it could not be read, as it was logged
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

// A listener is told of changes. Instances listen; nodes don't know them.
//
// Yaegi: types that refer to each other in more than one ring can't be
// assigned to each other's fields, so references go one way only: instance,
// subscription, pool, node, view, listener.
type listener struct {
	changed   func()
	staleness bool // is also told when values become stale, and fresh again
}

// A subscription is a listener's hold on a view.
type subscription struct {
	listener *listener
	pool     *pool
	node     *node
	view     *view
}

const (
	firstRetry  = 100 * time.Millisecond
	lastRetry   = 10 * time.Second
	deniedRetry = 10 * time.Second // since no watch tells of a changed ACL
)

// fetch reads a node and watches it, or its creation where it is missing. A node
// that may not be read has no watch: ZooKeeper tells nothing of it.
func (p *pool) fetch(c *connection, n *node) (*content, error) {
	for {
		fresh, err := p.readAndWatch(c, n)
		switch err {
		case nil:
			return fresh, nil
		case zk.ErrNoNode:
			exists, _, err := p.exists(c, n.path, n.watcher)
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
				return &content{exists: true, denied: p.settings.denial(), version: stat.Mzxid}, nil
			}
		default:
			return nil, err
		}
	}
}

func (p *pool) readAndWatch(c *connection, n *node) (*content, error) {
	if n.children {
		names, stat, err := p.childrenOf(c, n.path, n.watcher)
		if err != nil {
			return nil, err
		}
		return &content{exists: true, children: names, version: stat.Pzxid}, nil
	}
	data, stat, err := p.get(c, n.path, n.watcher)
	if err != nil {
		return nil, err
	}
	return &content{exists: true, data: data, version: stat.Mzxid}, nil
}

// subscribe gives a listener its view of a node, and starts to watch the node
// where nobody did.
func (p *pool) subscribe(l *listener, path, format, key string) *subscription {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.nodeAt(path, format == formatChildren)
	v := p.viewOf(n, format, key)
	v.users[l]++
	return &subscription{listener: l, pool: p, node: n, view: v}
}

func (p *pool) nodeAt(path string, children bool) *node {
	full := p.settings.full(path)
	nodes := p.nodes(children)
	n := nodes[full]
	if n == nil {
		n = &node{path: full, children: children}
		n.watcher = p.watcherOf(n)
		nodes[full] = n
		p.enqueue(n)
		p.start()
	}
	return n
}

// watcherOf has a node read again when it changes.
func (p *pool) watcherOf(n *node) *watcher {
	return &watcher{notify: func(e zk.Event) {
		// In a new session all nodes are read anyway.
		if e.Type != zk.EventNotWatching && len(n.views) > 0 {
			p.enqueue(n)
		}
	}}
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
		p.take(n, v, read(format, key, n.content))
	}
	return v
}

// cancel ends the subscription; a node that nobody subscribes to is forgotten.
func (s *subscription) cancel() {
	p, n, v := s.pool, s.node, s.view
	p.mu.Lock()
	defer p.mu.Unlock()
	v.users[s.listener]--
	if v.users[s.listener] > 0 {
		return
	}
	delete(v.users, s.listener)
	if len(v.users) > 0 {
		return
	}
	n.views = without(n.views, v)
	if len(n.views) == 0 {
		delete(p.nodes(n.children), n.path)
		p.disarm(n.watcher)
	}
}

func without(views []*view, gone *view) []*view {
	var rest []*view
	for _, v := range views {
		if v != gone {
			rest = append(rest, v)
		}
	}
	return rest
}

// publish stores what was read and returns who is to be told.
func (p *pool) publish(n *node, c *content) []*listener {
	readings := make(map[*view]*reading)
	for _, v := range p.viewsOf(n) {
		readings[v] = read(v.format, v.key, c)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n.content = c
	n.stale = p.downSince
	n.delay = 0
	n.problem = ""
	for _, v := range n.views {
		r := readings[v]
		if r == nil { // came while the others were being read
			r = read(v.format, v.key, c)
		}
		p.take(n, v, r)
	}
	return usersOf(n.views)
}

func (p *pool) viewsOf(n *node) []*view {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*view{}, n.views...)
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

// take accepts a reading. What can't be served is logged, once a version, and
// leaves the last good value in its place.
func (p *pool) take(n *node, v *view, r *reading) {
	v.refused = r.refused != nil
	if !v.refused {
		v.value = r.value
		return
	}
	if v.logged != n.content.version {
		v.logged = n.content.version
		logError("cluster %s: %s refused as %s: it %s", p.name, n.path, v.as(), r.refused.Error())
	}
}

func (v *view) as() string {
	if v.key == "" {
		return v.format
	}
	return v.format + " " + v.key
}

// A sighting is what a subscription sees at a moment.
type sighting struct {
	value   any       // nil where there is none
	loaded  bool      // the node was read
	known   bool      // and is not stale for longer than maxStale allows
	stale   time.Time // since when no session vouches for it; zero while one does
	turns   time.Time // when it will be too stale; zero when that won't happen
	refused bool      // the node's present version can't be used
}

func (s *subscription) lookup(now time.Time, maxStale time.Duration) *sighting {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	if s.node.content == nil {
		return &sighting{}
	}
	seen := &sighting{value: s.view.value, loaded: true, known: true, stale: s.node.stale, refused: s.view.refused}
	if maxStale == 0 || seen.stale.IsZero() {
		return seen
	}
	turns := seen.stale.Add(maxStale)
	if now.Before(turns) {
		seen.turns = turns
	} else {
		seen.value = nil
		seen.known = false
	}
	return seen
}

// settled tells whether there is nothing to wait for: the node is loaded, or
// the session has been away for longer than patience already.
func (s *subscription) settled(patience time.Duration) bool {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	away := s.pool.downSince
	return s.node.content != nil || !away.IsZero() && time.Since(away) >= patience
}
