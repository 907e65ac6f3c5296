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

// recheckEvery is for tests to change.
var recheckEvery atomic.Int64

func init() { recheckEvery.Store(int64(5 * time.Minute)) }

// recheckLater has the nodes read again in a while.
func recheckLater(c *cache, all *nodes) {
	every := recheckEvery.Load()
	detachedRecheckAfter(c, all, time.Duration(every*3/4+rand.Int63n(every/2+1)), recheckAll)
}

// recheckSoon has the nodes with watches of their own read again after a reconnect, once
// that has lasted for some seconds.
func recheckSoon(c *cache, all *nodes) {
	detachedRecheckAfter(c, all, soonestRecheck+time.Duration(rand.Int63n(int64(soonestRecheck))), recheckOwn)
}

const soonestRecheck = 3 * time.Second

// What a recheck reads.
const (
	recheckOwn = iota // the nodes with watches of their own
	recheckAll        // the others as well
)

func recheckAfter(c *cache, all *nodes, delay time.Duration, which int) {
	stop(all.recheck)
	all.recheck = after(delay, "cluster "+c.name+": audit", func() { recheck(c, which) })
}

func recheck(c *cache, which int) {
	all := lock(c)
	defer c.mu.Unlock()
	if all.session.closed {
		return
	}
	var known []*node
	for _, n := range all.every() {
		isOwn := needsOwnWatch(n)
		if n.content != nil && (isOwn || which == recheckAll) {
			n.rechecked = isOwn
			known = append(known, n)
		}
	}
	enqueue(all, known...)
	recheckLater(c, all)
}

// watchesBefore is where the watch of a node is set that is read for a recheck; nil for
// others.
func watchesBefore(c *cache, n *node) map[pointKey]*watchpoint {
	all := lock(c)
	defer c.mu.Unlock()
	if !n.rechecked {
		return nil
	}
	n.rechecked = false
	return setAt(all.session, []pointKey{{path: n.path, children: n.children}, {path: n.path}})
}

// giveUpSilent gives up watches of a node that can't be there any more: a change was
// read, and a watch that was set before it has told of none. Events come ahead of
// what they are about.
func giveUpSilent(c *cache, n *node, before map[pointKey]*watchpoint, fresh *content) {
	all := lock(c)
	defer c.mu.Unlock()
	if n.content == nil || n.content.version == fresh.version && fresh.denied == nil {
		return
	}
	fireSilent(all.session, before)
}
