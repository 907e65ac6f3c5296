package zookeeper

import "time"

// The queue holds the nodes that are to be read, each of them once; the readers
// take them out of it. Yaegi: what is done with thousands of nodes is done in one
// loop with no call of a method in it, which would cost more than the rest.

// enqueue asks for nodes to be read; p.mu is held.
func (p *pool) enqueue(nodes ...*node) {
	before := len(p.queue)
	now := time.Now()
	for _, n := range nodes {
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
			p.queue = append(p.queue, n)
		}
	}
	switch len(p.queue) - before {
	case 0:
	case 1:
		p.wake.Signal()
	default:
		p.wake.Broadcast()
	}
}

// enqueueLater asks for a node to be read after a delay, unless it is read before
// that; p.mu is held.
func (p *pool) enqueueLater(n *node, delay time.Duration) {
	n.stopRetry()
	n.retry = after(delay, "cluster "+p.name+": retry", func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if n.wanted() {
			p.enqueue(n)
		}
	})
}

func (n *node) stopRetry() {
	if n.retry != nil {
		n.retry.Stop()
		n.retry = nil
	}
}

// next waits for nodes to read: one, or several that can be read together.
func (p *pool) next() ([]*node, *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && (!p.up() || len(p.queue) == 0 || p.connection.failed && p.connection.handles == 0) {
		p.wake.Wait()
	}
	if p.closed {
		return nil, nil
	}
	p.connection.holders++
	return p.dequeue(), p.connection
}

// mostAtOnce nodes are read in one request, so that with the largest of them, of
// a megabyte each, the answer still is a packet.
const mostAtOnce = 50

// dequeue takes the first node out of the queue, and those behind it that can be
// read together with it; p.mu is held.
func (p *pool) dequeue() []*node {
	var nodes []*node
	for len(p.queue) > 0 && len(nodes) < mostAtOnce {
		n := p.queue[0]
		together := !n.children && isCarried(n)
		if len(nodes) > 0 && !together {
			break
		}
		n.queued = false
		n.reading = true
		nodes = append(nodes, n)
		p.queue = p.queue[1:]
		if !together {
			break
		}
	}
	return nodes
}

// done ends the reading of nodes. One is read again at once when it changed
// meanwhile or was read through a connection that is gone, or after a delay.
func (p *pool) done(nodes []*node, c *connection, delays []time.Duration) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	var affected []*listener
	for i, n := range nodes {
		again := n.again || c != p.connection
		n.reading = false
		n.again = false
		if !n.wanted() {
			p.forgetUnwanted(n) // and the watch that was set meanwhile
			continue
		}
		if !again && isAwaited(n) {
			affected = append(affected, p.noteRead(n)...)
		}
		if !again && delays[i] == 0 {
			continue
		}
		if again {
			p.enqueue(n)
		} else {
			p.enqueueLater(n, delays[i])
		}
	}
	return append(affected, letGo(p, c)...)
}

// letGo ends somebody's use of a connection; p.mu is held.
func letGo(p *pool, c *connection) []*listener {
	c.holders--
	if c.retired && c.holders == 0 {
		go closeClient(c.client)
	}
	if !c.failed {
		return nil
	}
	return p.replaceFailed()
}
