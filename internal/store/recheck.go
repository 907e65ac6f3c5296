package store

import (
	"math/rand"
	"sync/atomic"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Nodes are read once in a while even when nothing tells of a change. Where that shows that
// the watch of a node is gone, the node is watched anew.
//
// It is needed since a server doesn't tell of a change to a client that may not read the node
// at the time, and the watch is gone all the same (since the fix of CVE-2024-23944). Nor does
// it tell when the right is given back, nor of a node that may be read only some time after
// its creation.
//
// A reconnected session needs it as well. The client sets its watches again with the last
// transaction that it saw, and an ensemble that was restored from a copy may have older ones
// that it never tells of. Nodes with a recursive watch are read then anyway.

// recheckEvery is the pause between two rechecks, in nanoseconds. Tests change it.
var recheckEvery atomic.Int64

func init() { recheckEvery.Store(int64(5 * time.Minute)) }

// recheckLater has the nodes read again in a while.
func recheckLater(st *Store, all *nodes) {
	every := recheckEvery.Load()
	detachedRecheckAfter(st, all, time.Duration(every*3/4+rand.Int63n(every/2+1)), recheckAll)
}

// recheckSoon has the nodes with watches of their own read again some seconds after a
// reconnect.
func recheckSoon(st *Store, all *nodes) {
	detachedRecheckAfter(st, all, soonestRecheck+time.Duration(rand.Int63n(int64(soonestRecheck))), recheckOwn)
}

const soonestRecheck = 3 * time.Second

// What a recheck reads.
const (
	recheckOwn = iota // the nodes with watches of their own
	recheckAll        // all nodes
)

func recheckAfter(st *Store, all *nodes, delay time.Duration, which int) {
	guard.Stop(all.recheck)
	all.recheck = guard.After(delay, "cluster "+st.Name+": audit", func() { recheck(st, which) })
}

func recheck(st *Store, which int) {
	all := lock(st)
	defer st.mu.Unlock()
	if all.session.Closed {
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
	recheckLater(st, all)
}

// triggersBefore are the triggers whose event would tell of a change of a node that is read
// for a recheck. They are nil for other nodes.
func triggersBefore(st *Store, n *node) map[session.NodeKey]*session.Trigger {
	all := lock(st)
	defer st.mu.Unlock()
	if !n.rechecked {
		return nil
	}
	n.rechecked = false
	return session.TriggersAtServer(all.session, []session.NodeKey{{Path: n.path, Children: n.children}, {Path: n.path}})
}

// noticeLostWatch is called when a node was read for a recheck. A change that no event has told of
// shows that the watches are gone that were set before, since an event comes ahead of what it
// is about.
func noticeLostWatch(st *Store, n *node, before map[session.NodeKey]*session.Trigger, fresh *value.Content) {
	all := lock(st)
	defer st.mu.Unlock()
	if n.content == nil || n.content.Version == fresh.Version && fresh.Denied == nil {
		return
	}
	session.FireLost(all.session, before)
}
