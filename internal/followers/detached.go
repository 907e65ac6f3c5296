package followers

import (
	"context"
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which its closures would keep. docs/yaegi.md
// has more.
var (
	detachedFollower func(r *Registry, request *Request) *Follower
	detachedAwaitEnd func(f *Follower)
)

func init() {
	detachedFollower = newFollower
	detachedAwaitEnd = awaitEnd
}

// awaitEnd ends a following with its context.
func awaitEnd(f *Follower) {
	context.AfterFunc(f.request.Context, func() {
		defer func() {
			if r := recover(); r != nil {
				guard.NotePanic(f.listener.What, fmt.Sprint(r))
			}
		}()
		f.End()
	})
}
