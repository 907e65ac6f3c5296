// Package cache has what is known of a cluster's nodes, for all who subscribe to them: to
// single nodes, or to the subtrees that patterns mean.
//
// A single node is the store's. A subtree is made here: it finds the nodes that match a
// pattern, gets what the store reads of them through a sink, and keeps their values where a
// request finds its own without a lock.
package cache

import (
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/store"
)

// A Cache has what is known of the nodes of one cluster. Its functions may be called from any
// goroutine that doesn't hold the session's lock.
type Cache struct {
	store *store.Store

	treesMu sync.Mutex // taken before a subtree's lock, which is taken before the store's
	trees   map[subtreeKey]*Subtree
}

// New is the cache of a session's nodes. The session has no other cache.
func New(s *session.Session) *Cache {
	return &Cache{store: store.New(s), trees: map[subtreeKey]*Subtree{}}
}
