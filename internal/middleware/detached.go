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
	detachedListener       func(inst *instance) *session.Listener
	detachedComplainer     func(inst *instance) func()
	detachedRefreshAfter   func(l *session.Listener, delay time.Duration, name string) *time.Timer
	detachedCheckWhenQuiet func(r *Registry, arrivals int64)
	detachedAwaitCancel    func(r *Registry, ctx context.Context, id uintptr)
	detachedWaitingHandler func(s *instanceState, b *binding) http.HandlerFunc
)

func init() {
	detachedListener = listenerOf
	detachedComplainer = complainerOf
	detachedRefreshAfter = refreshAfter
	detachedCheckWhenQuiet = checkWhenQuiet
	detachedAwaitCancel = awaitCancel
	detachedWaitingHandler = waitingHandler
}
