package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Readers take nodes from the queue, read them, and deliver what was read to those who use
// them.

const readers = 4

const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 10 * time.Second
	// deniedRetry is the pause before a node is read again that may not be read, since no
	// watch tells of a changed ACL.
	deniedRetry = 10 * time.Second
)

// readNodes is the work of a reader while there is a session, until it is closed.
func readNodes(st *Store) {
	for readNext(st) {
	}
}

// readNext reads what is next. It returns false when the session is closed.
//
// Yaegi: variables keep what they had, so a reader would hold a connection that was
// replaced for as long as it waits in the same function.
func readNext(st *Store) bool {
	nodes, conn := nextNodes(st)
	if len(nodes) == 0 {
		return false
	}
	done(st, nodes, conn, readAll(st, nodes, conn))
	return true
}

// readAll reads nodes. It returns for each of them the delay after which it is read again. A
// delay of 0 means: when it changes.
func readAll(st *Store, nodes []*node, conn *session.Connection) []time.Duration {
	delays := make([]time.Duration, len(nodes))
	for i := range delays {
		delays[i] = lastRetry
	}
	guard.Try("cluster "+st.Name+": reading "+nodes[0].path, func() {
		if len(nodes) == 1 {
			delays[0] = readAndDeliver(st, nodes[0], conn)
		} else {
			readTogether(st, nodes, conn, delays)
		}
	})
	return delays
}

// readAndDeliver reads one node, and returns its delay.
func readAndDeliver(st *Store, n *node, conn *session.Connection) time.Duration {
	before := triggersBefore(st, n)
	fresh, err := fetch(st, conn, n)
	if err != nil {
		return readFailed(st, n, err)
	}
	if before != nil {
		noticeLostWatch(st, n, before, fresh)
	}
	deliver(st, []*node{n}, []*value.Content{fresh})
	if fresh.Denied != nil {
		session.CheckCredentials(st.Session)
		return deniedRetry
	}
	return 0
}

// readTogether reads many nodes in one request. Those that can't be read so are read alone.
func readTogether(st *Store, nodes []*node, conn *session.Connection, delays []time.Duration) {
	paths := make([]string, len(nodes))
	for i, n := range nodes {
		paths[i] = n.path
	}
	all, err := session.ReadContents(conn, paths)
	if err != nil {
		for i, n := range nodes {
			delays[i] = readAloneAfter(st, n, conn, err)
		}
		return
	}
	var found []*node
	var contents []*value.Content
	for i, content := range all {
		if content != nil {
			found = append(found, nodes[i])
			contents = append(contents, content)
		}
	}
	if len(found) > 0 {
		deliver(st, found, contents)
	}
	for i, content := range all {
		delays[i] = 0
		if content == nil {
			delays[i] = readAndDeliver(st, nodes[i], conn)
		}
	}
}

// readAloneAfter reads a node alone after the request for many has failed.
func readAloneAfter(st *Store, n *node, conn *session.Connection, err error) time.Duration {
	if session.ConnectionFailed(err) {
		return readFailed(st, n, err)
	}
	return readAndDeliver(st, n, conn)
}

// readFailed notes that a node couldn't be read, and returns the delay before the next
// attempt.
func readFailed(st *Store, n *node, err error) time.Duration {
	st.mu.Lock()
	defer st.mu.Unlock()
	n.delay = nextRetry(n.delay)
	if !session.ConnectionFailed(err) && n.problem != err.Error() {
		n.problem = err.Error()
		log.Cluster(log.LevelWarn, st.Name, "%s can't be read: %s", n.path, n.problem)
	}
	return n.delay
}

func nextRetry(delay time.Duration) time.Duration {
	if delay == 0 {
		return firstRetry
	}
	return guard.NextDelay(delay, lastRetry)
}
