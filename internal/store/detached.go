package store

import (
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// What lives on after the call that made it is made through these variables.
//
// Yaegi: such a function has no caller's frame, which closures and timers would keep.
var (
	detachedStore        func(s *session.Session) *Store
	detachedRecheckAfter func(st *Store, all *nodes, delay time.Duration, which int)
)

func init() {
	detachedStore = makeStore
	detachedRecheckAfter = recheckAfter
}
