package zookeeper

import (
	"math/rand"
	"sync/atomic"
	"time"
)

// A server tells nothing of a change to a client that may not read the node at the
// time, and the watch is gone all the same (since the mend of CVE-2024-23944). Nor
// does it tell when the right is given back, nor of a node that may be read only some
// time after its creation. So nodes are read once in a while, and watched anew where
// that shows a watch of their own to be gone.

// A reconnected session needs it as well: the client sets its watches again with the
// last transaction that it saw, and an ensemble that was restored from a copy may have
// older ones that it never tells of. Nodes with a recursive watch are read then anyway.

// auditEvery is for tests to change.
var auditEvery atomic.Int64

func init() { auditEvery.Store(int64(5 * time.Minute)) }

// auditLater has the nodes read again in a while; p.mu is held.
func auditLater(p *pool) {
	every := auditEvery.Load()
	detachedAuditAfter(p, time.Duration(every*3/4+rand.Int63n(every/2+1)), true)
}

// auditSoon has the nodes read again after a reconnect, once that has lasted for
// some seconds; p.mu is held.
func auditSoon(p *pool) {
	detachedAuditAfter(p, auditSoonest+time.Duration(rand.Int63n(int64(auditSoonest))), false)
}

func auditAfter(p *pool, delay time.Duration, carried bool) {
	stop(p.auditing)
	p.auditing = after(delay, "cluster "+p.name+": audit", func() { p.audit(carried) })
}

const auditSoonest = 3 * time.Second

// audit reads the nodes with watches of their own again, and the others too where
// they are wanted.
func (p *pool) audit(carried bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	var known []*node
	for _, n := range p.allNodes() {
		isOwn := needsOwnWatch(n)
		if n.content != nil && (isOwn || carried) {
			n.audited = isOwn
			known = append(known, n)
		}
	}
	p.enqueue(known...)
	auditLater(p)
}

// auditedAt is where the watch of a node is set that is read for the audit; nil for
// others.
func (p *pool) auditedAt(n *node) map[pointKey]*watchpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !n.audited {
		return nil
	}
	n.audited = false
	set := map[pointKey]*watchpoint{}
	for _, key := range []pointKey{{path: n.path, children: n.children}, {path: n.path}} {
		point := p.points[key]
		if point != nil && point.set {
			set[key] = point
		}
	}
	return set
}

// mistrust gives up watches of a node that can't be there any more: a change was
// read, and a watch that was set before it has told of none. Events come ahead of
// what they are about.
func (p *pool) mistrust(n *node, before map[pointKey]*watchpoint, fresh *content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n.content == nil || n.content.version == fresh.version && fresh.denied == nil {
		return
	}
	for key, point := range before {
		if p.points[key] == point {
			p.presume(key)
		}
	}
}
