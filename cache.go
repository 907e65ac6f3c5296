package zookeeper

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"
)

// A cache has what is known of the nodes of one cluster, for all who follow them. It
// reads them in the cluster's session, and watches them there.
type cache struct {
	session *session
	name    string // of the cluster
	mu      *sync.Mutex
	nodes   *nodes

	refused *atomic.Int64 // versions of nodes that couldn't be used
	history *history
	watcher *watcher     // of all nodes
	answers chan *answer // of fast reads

	treesMu sync.Mutex // taken before a subtree's, which is taken before mu
	trees   map[subtreeKey]*subtree
}

// nodes is the state of a cache. Only who has the lock can reach it, which is the
// session's: what a session and its nodes are must never differ.
//
// Yaegi: rings of references must not meet, so it refers to neither the cache nor its
// subtrees.
type nodes struct {
	name     string // of the cluster
	refused  *atomic.Int64
	watcher  *watcher
	session  *held
	data     map[string]*node
	children map[string]*node
	queue    []*node
	grown    *sync.Cond // the queue has, the session is up, or all is closed
	latest   int64      // number of the content that came last
	sinks    []*sink    // of the subtrees
	fast     *fastRead  // the one under way; nil where there is none
	recheck  *time.Timer
}

// newCache is for the nodes of a session's ensemble, of which nobody else is told.
func newCache(s *session) *cache { return detachedCache(s) }

func makeCache(s *session) *cache {
	c := &cache{session: s, name: s.name, mu: s.mu, refused: &atomic.Int64{}, history: newHistory(), trees: map[subtreeKey]*subtree{}}
	c.watcher = &watcher{notify: func(e zk.Event) { noteChange(c.nodes, e) }, always: true}
	c.nodes = &nodes{
		name: s.name, refused: c.refused, watcher: c.watcher, session: lockSession(s),
		data: map[string]*node{}, children: map[string]*node{}, grown: sync.NewCond(s.mu),
	}
	c.answers = make(chan *answer, mostAnswers)
	s.inform(aboveOf(c))
	s.mu.Unlock()
	return c
}

// aboveOf is what a session tells its cache.
func aboveOf(c *cache) *above {
	return &above{
		started:    func() { startReading(c, c.nodes) },
		connecting: func(client *connection) { client.answer = answersOf(c, client) },
		asked:      func(client *connection, e zk.Event) { readFast(c, client, e) },
		changed:    func(e zk.Event) { passOn(c.nodes, e) },
		cameUp:     func(client *connection, isSame bool) { cameUp(c, c.nodes, isSame) },
		outdated:   func() { outdateAll(c.nodes) },
		wentDown:   func() { wentDown(c.nodes) },
		dropping:   func(client *connection) { abandonFast(c, c.nodes, client) },
		identified: func() { rereadAll(c.nodes) },
		closed:     func() { stopReading(c, c.nodes) },
	}
}

// lock takes the lock, which unlock gives back. Only what takes no time is done in
// between.
func lock(c *cache) *nodes {
	c.mu.Lock()
	return c.nodes
}

// unlock gives the lock back, and tells those whom what was done meanwhile concerns.
func unlock(c *cache) { unlockSession(c.session) }

func startReading(c *cache, all *nodes) {
	recheckLater(c, all)
	for i := 0; i < readers; i++ {
		go keepRunning("cluster "+c.name+": reader", func() { readNodes(c) })
	}
	go keepRunning("cluster "+c.name+": answers", func() { takeAnswers(c) })
}

func stopReading(c *cache, all *nodes) {
	c.answers <- nil
	stop(all.recheck)
	all.grown.Broadcast()
}

// cameUp has the nodes read that the new session has no watches of, or that were to be
// read again; all others are as they were.
func cameUp(c *cache, all *nodes, isSame bool) {
	for _, n := range all.every() {
		switch {
		case len(n.views) == 0: // its subtrees see to it
		case !isSame || n.delay > 0 || hasSensitive(n):
			n.delay = 0
			enqueue(all, n)
		default:
			n.stale = time.Time{}
		}
	}
	for _, t := range all.sinks {
		t.begin()
	}
	if isSame {
		recheckSoon(c, all)
		c.session.serial.post(func() { unwatchUnneeded(c) })
	}
	all.grown.Broadcast()
	tellSensitive(all)
}

// outdateAll notes that no session vouches for anything from now on.
func outdateAll(all *nodes) {
	since := all.session.downSince
	for _, n := range all.every() {
		if n.stale.IsZero() {
			n.stale = since
		}
	}
	for _, t := range all.sinks {
		if t.stale.IsZero() {
			t.stale = since
		}
	}
}

func wentDown(all *nodes) {
	for _, t := range all.sinks {
		t.recursive = false
	}
	tellSensitive(all)
}

// rereadAll reads as another user what was read before: also what was readable, since
// changes that the former one was not to see have used up their watches silently.
func rereadAll(all *nodes) {
	every := all.every()
	for _, n := range every {
		n.rechecked = n.content != nil
	}
	enqueue(all, every...)
	for _, t := range all.sinks {
		t.begin()
	}
}

// of are the nodes with one kind of content.
func (all *nodes) of(children bool) map[string]*node {
	if children {
		return all.children
	}
	return all.data
}

func (all *nodes) every() []*node {
	var every []*node
	for _, n := range all.data {
		every = append(every, n)
	}
	for _, n := range all.children {
		every = append(every, n)
	}
	return every
}

// tellSensitive tells the listeners that don't serve values for ever.
func tellSensitive(all *nodes) {
	var views []*view
	for _, n := range all.every() {
		views = append(views, n.views...)
	}
	users := usersOf(views)
	for _, t := range all.sinks {
		users = append(users, listenersOf(t)...)
	}
	all.tell(sensitiveOf(users)...)
}

// tell has listeners told once the lock has been given back.
func (all *nodes) tell(listeners ...*listener) {
	all.session.outbox = append(all.session.outbox, listeners...)
}
