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

// readNodes is the work of a reader while there is a session, until it is closed.
func readNodes(c *cache) {
	for readNext(c) {
	}
}

// readNext reads what is next; it returns false when the session is closed.
//
// Yaegi: variables keep what they had, so a reader would hold a connection that was
// replaced for as long as it waits in the same function.
func readNext(c *cache) bool {
	nodes, client := nextNodes(c)
	if len(nodes) == 0 {
		return false
	}
	done(c, nodes, client, refresh(c, nodes, client))
	return true
}

// refresh returns after how long each of the nodes is to be read again; 0 for when
// it changes.
func refresh(c *cache, nodes []*node, client *connection) []time.Duration {
	delays := make([]time.Duration, len(nodes))
	for i := range delays {
		delays[i] = lastRetry
	}
	guarded("cluster "+c.name+": reading "+nodes[0].path, func() {
		if len(nodes) == 1 {
			delays[0] = readAndDeliver(c, nodes[0], client)
		} else {
			readTogether(c, nodes, client, delays)
		}
	})
	return delays
}

func readAndDeliver(c *cache, n *node, client *connection) time.Duration {
	before := watchesBefore(c, n)
	fresh, err := fetch(c, client, n)
	if err != nil {
		return readFailed(c, n, err)
	}
	if before != nil {
		giveUpSilent(c, n, before, fresh)
	}
	deliver(c, []*node{n}, []*content{fresh})
	if fresh.denied != nil {
		c.session.suspectCredentials()
		return deniedRetry
	}
	return 0
}

// readTogether reads many nodes in one request, and alone what that gives neither
// a content nor a missing node for.
func readTogether(c *cache, nodes []*node, client *connection, delays []time.Duration) {
	paths := make([]string, len(nodes))
	for i, n := range nodes {
		paths[i] = n.path
	}
	data, stats, errs, err := manyReaderOf(client.client).MultiGet(paths)
	if err != nil {
		for i, n := range nodes {
			delays[i] = readAloneAfter(c, n, client, err)
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
		deliver(c, found, contents)
	}
	for i, n := range nodes {
		delays[i] = 0
		if errs[i] != nil && errs[i] != zk.ErrNoNode {
			delays[i] = readAndDeliver(c, n, client)
		}
	}
}

func readAloneAfter(c *cache, n *node, client *connection, err error) time.Duration {
	if connectionFailed(err) {
		return readFailed(c, n, err)
	}
	return readAndDeliver(c, n, client)
}

func readFailed(c *cache, n *node, err error) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	n.delay = nextRetry(n.delay)
	if !connectionFailed(err) && n.problem != err.Error() {
		n.problem = err.Error()
		logCluster(levelWarn, c.name, "%s can't be read: %s", n.path, n.problem)
	}
	return n.delay
}

func nextRetry(delay time.Duration) time.Duration {
	if delay == 0 {
		return firstRetry
	}
	return longer(delay, lastRetry)
}
