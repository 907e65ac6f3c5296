package zookeeper

import (
	"time"

	"github.com/go-zookeeper/zk"
)

// Readers read the nodes of the queue, publish what they hold, and tell those who
// use them.

const readers = 4

const (
	firstRetry  = 100 * time.Millisecond
	lastRetry   = 10 * time.Second
	deniedRetry = 10 * time.Second // since no watch tells of a changed ACL
)

// readNodes is the work of a reader while there is a session, until the pool is
// closed.
func (p *pool) readNodes() {
	for readNext(p) {
	}
}

// readNext reads what is next; it returns false when the pool is closed.
//
// Yaegi: variables keep what they had, so a reader would hold a connection that was
// replaced for as long as it waits in the same function.
func readNext(p *pool) bool {
	nodes, c := p.next()
	if len(nodes) == 0 {
		return false
	}
	tell(p.done(nodes, c, p.refresh(nodes, c)))
	return true
}

// refresh returns after how long each of the nodes is to be read again; 0 for when
// it changes.
func (p *pool) refresh(nodes []*node, c *connection) []time.Duration {
	delays := make([]time.Duration, len(nodes))
	for i := range delays {
		delays[i] = lastRetry
	}
	guarded("cluster "+p.name+": reading "+nodes[0].path, func() {
		if len(nodes) == 1 {
			delays[0] = p.readAndDeliver(nodes[0], c)
		} else {
			p.readTogether(nodes, c, delays)
		}
	})
	return delays
}

func (p *pool) readAndDeliver(n *node, c *connection) time.Duration {
	before := p.auditedAt(n)
	fresh, err := p.fetch(c, n)
	if err != nil {
		return p.readFailed(n, err)
	}
	if before != nil {
		p.mistrust(n, before, fresh)
	}
	deliver(p, []*node{n}, []*content{fresh})
	if fresh.denied != nil {
		p.suspectCredentials()
		return deniedRetry
	}
	return 0
}

// readTogether reads many nodes in one request, and alone what that gives neither
// a content nor a missing node for.
func (p *pool) readTogether(nodes []*node, c *connection, delays []time.Duration) {
	paths := make([]string, len(nodes))
	for i, n := range nodes {
		paths[i] = n.path
	}
	data, stats, errs, err := carrierOf(c.client).MultiGet(paths)
	if err != nil {
		for i, n := range nodes {
			delays[i] = p.readAloneAfter(n, c, err)
		}
		return
	}
	var found []*node
	var contents []*content
	for i, n := range nodes {
		if errs[i] == nil {
			found = append(found, n)
			contents = append(contents, &content{exists: true, data: data[i], stat: stats[i], version: stats[i].Mzxid})
		} else if errs[i] == zk.ErrNoNode {
			found = append(found, n)
			contents = append(contents, &content{})
		}
	}
	if len(found) > 0 {
		deliver(p, found, contents)
	}
	for i, n := range nodes {
		delays[i] = 0
		if errs[i] != nil && errs[i] != zk.ErrNoNode {
			delays[i] = p.readAndDeliver(n, c)
		}
	}
}

func (p *pool) readAloneAfter(n *node, c *connection, err error) time.Duration {
	if connectionFailed(err) {
		return p.readFailed(n, err)
	}
	return p.readAndDeliver(n, c)
}

func (p *pool) readFailed(n *node, err error) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	n.delay = nextRetry(n.delay)
	if !connectionFailed(err) && n.problem != err.Error() {
		n.problem = err.Error()
		logCluster(levelWarn, p.name, "%s can't be read: %s", n.path, n.problem)
	}
	return n.delay
}

func nextRetry(delay time.Duration) time.Duration {
	if delay == 0 {
		return firstRetry
	}
	return longer(delay, lastRetry)
}

// deliver publishes what was read of one node, or of several that aren't read for
// their children.
func deliver(p *pool, nodes []*node, contents []*content) {
	users, takers, changes := publish(p, nodes, contents)
	tell(users)
	if len(takers) > 0 {
		hand(nodes, contents, takers)
	}
	if len(changes) > 0 {
		p.journal.note(changes)
		p.logChanges(changes)
	}
}

func (p *pool) logChanges(changes []*change) {
	if loggedLevel.Load() < int32(levelDebug) {
		return
	}
	for _, c := range changes {
		logCluster(levelDebug, p.name, "%s %s, version %d, served after %s", c.path, c.kind, c.version, c.at.Sub(c.heard))
	}
}

func hand(nodes []*node, contents []*content, takers []*taker) {
	paths := make([]string, len(nodes))
	for i, n := range nodes {
		paths[i] = n.path
	}
	for _, t := range takers {
		t.take(paths, nodes[0].children, contents)
	}
}
