package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// The queue has the nodes that are to be read, each of them once. The readers take them out
// of it.
//
// Yaegi: what is done with thousands of nodes is done in one loop with no call of a method in
// it, which would cost more than the rest.

// enqueue asks for nodes to be read.
func enqueue(all *nodes, wanted ...*node) {
	before := len(all.queue)
	now := time.Now()
	for _, n := range wanted {
		if n.retry != nil {
			n.stopRetry()
		}
		if n.reading {
			if n.changedAt.IsZero() {
				n.changedAt = now
			}
			n.again = true
			continue
		}
		if !n.queued {
			n.queued = true
			if n.askedAt.IsZero() {
				n.askedAt = now
			}
			all.queue = append(all.queue, n)
		}
	}
	switch len(all.queue) - before {
	case 0:
	case 1:
		all.wake.Signal()
	default:
		all.wake.Broadcast()
	}
}

// enqueueLater asks for a node to be read after a delay, unless it is read before
// that.
func enqueueLater(st *Store, n *node, delay time.Duration) {
	n.stopRetry()
	n.retry = guard.After(delay, "cluster "+st.Name+": retry", func() {
		all := lock(st)
		defer st.mu.Unlock()
		if n.wanted() {
			enqueue(all, n)
		}
	})
}

func (n *node) stopRetry() {
	if n.retry != nil {
		n.retry.Stop()
		n.retry = nil
	}
}

// nextNodes waits for nodes to read: one, or several that can be read together. It also
// returns the connection to read them through, which it has acquired. There are no nodes when
// the session is closed.
func nextNodes(st *Store) ([]*node, *session.Connection) {
	all := lock(st)
	defer st.mu.Unlock()
	for !all.session.Closed && (!all.session.IsReadable() || len(all.queue) == 0) {
		all.wake.Wait()
	}
	if all.session.Closed {
		return nil, nil
	}
	conn := all.session.Connection
	conn.Holders++
	return dequeue(all), conn
}

// mostAtOnce nodes are read in one request. Of the largest nodes, of a megabyte each, so many
// still fit into one answer.
const mostAtOnce = 50

// dequeue takes the first node out of the queue, and those behind it that can be
// read together with it.
func dequeue(all *nodes) []*node {
	var taken []*node
	for len(all.queue) > 0 && len(taken) < mostAtOnce {
		n := all.queue[0]
		together := !n.children && isCovered(n)
		if len(taken) > 0 && !together {
			break
		}
		n.queued = false
		n.reading = true
		taken = append(taken, n)
		all.queue = all.queue[1:]
		if !together {
			break
		}
	}
	return taken
}

// done ends the reading of nodes, and releases the connection. A node is read again at once
// where it changed meanwhile, or where it was read through a connection that is gone. Where it
// has a delay, it is read again after that.
func done(st *Store, read []*node, conn *session.Connection, delays []time.Duration) {
	st.mu.Lock()
	defer session.Unlock(st.Session)
	all := st.nodes
	for i, n := range read {
		again := n.again || conn != all.session.Connection
		n.reading = false
		n.again = false
		isWanted := n.wanted()
		if !isWanted || len(read) == 1 && isCovered(n) { // several are read without watches
			forgetUnwanted(all, n) // and the watch that was set meanwhile
		}
		switch {
		case !isWanted:
		case again:
			enqueue(all, n)
		default:
			if isUnread(n) {
				markRead(all, n)
			}
			if delays[i] > 0 {
				enqueueLater(st, n, delays[i])
			}
		}
	}
	session.ReleaseLocked(all.session, conn)
}
