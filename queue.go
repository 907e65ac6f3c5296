package zookeeper

import "time"

// The queue holds the nodes that are to be read, each of them once; the readers
// take them out of it. Yaegi: what is done with thousands of nodes is done in one
// loop with no call of a method in it, which would cost more than the rest.

// enqueue asks for nodes to be read.
func enqueue(all *nodes, wanted ...*node) {
	before := len(all.queue)
	now := time.Now()
	for _, n := range wanted {
		if n.retry != nil {
			n.stopRetry()
		}
		if n.reading {
			if n.heard.IsZero() {
				n.heard = now
			}
			n.again = true
			continue
		}
		if !n.queued {
			n.queued = true
			if n.asked.IsZero() {
				n.asked = now
			}
			all.queue = append(all.queue, n)
		}
	}
	switch len(all.queue) - before {
	case 0:
	case 1:
		all.grown.Signal()
	default:
		all.grown.Broadcast()
	}
}

// enqueueLater asks for a node to be read after a delay, unless it is read before
// that.
func enqueueLater(c *cache, n *node, delay time.Duration) {
	n.stopRetry()
	n.retry = after(delay, "cluster "+c.name+": retry", func() {
		all := lock(c)
		defer c.mu.Unlock()
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

// nextNodes waits for nodes to read: one, or several that can be read together. There
// are none when the session is closed.
func nextNodes(c *cache) ([]*node, *connection) {
	all := lock(c)
	defer c.mu.Unlock()
	for !all.session.closed && (!all.session.isReadable() || len(all.queue) == 0) {
		all.grown.Wait()
	}
	if all.session.closed {
		return nil, nil
	}
	client := all.session.connection
	client.holders++
	return dequeue(all), client
}

// mostAtOnce nodes are read in one request, so that with the largest of them, of
// a megabyte each, the answer still is a packet.
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

// done ends the reading of nodes. One is read again at once when it changed
// meanwhile or was read through a connection that is gone, or after a delay.
func done(c *cache, read []*node, client *connection, delays []time.Duration) {
	all := lock(c)
	defer unlock(c)
	for i, n := range read {
		again := n.again || client != all.session.connection
		n.reading = false
		n.again = false
		switch {
		case !n.wanted():
			forgetUnwanted(all, n) // and the watch that was set meanwhile
		case again:
			enqueue(all, n)
		default:
			if isAwaited(n) {
				noteRead(all, n)
			}
			if delays[i] > 0 {
				enqueueLater(c, n, delays[i])
			}
		}
	}
	release(all.session, client)
}
