package middleware

import (
	"context"
	"net/http"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedListener         func(inst *instance) *session.Listener
	detachedRefreshAfter     func(l *session.Listener, delay time.Duration, name string) *time.Timer
	detachedCheckDefinitions func(inst *instance) *time.Timer
	detachedAwaitCancel      func(r *Registry, ctx context.Context, id uintptr)
	detachedWaitingHandler   func(s *instanceState, b *binding) http.HandlerFunc
)

func init() {
	detachedListener = listenerOf
	detachedRefreshAfter = refreshAfter
	detachedCheckDefinitions = checkDefinitionsLater
	detachedAwaitCancel = awaitCancel
	detachedWaitingHandler = waitingHandler
}
