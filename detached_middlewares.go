package zookeeper

import (
	"context"
	"net/http"
	"time"
)

// What lives on after the call that made it is made by functions that are called through
// these variables.
//
// Yaegi: such a function has no caller's frame, which the closures, timers and goroutines
// of what it makes would keep. docs/yaegi.md has more. They are set in init, since the
// functions lead back to the variables.
var (
	detachedListener     func(inst *instance) *listener
	detachedRefreshAfter func(inst *instance, delay time.Duration, part string) *time.Timer
	detachedInquire      func(inst *instance) *time.Timer
	detachedAwaitCancel  func(r *middlewareRegistry, ctx context.Context, id uintptr)
	detachedHolding      func(inst *instance, b *binding) http.HandlerFunc
)

func init() {
	detachedListener = listenerOf
	detachedRefreshAfter = refreshAfter
	detachedInquire = inquire
	detachedAwaitCancel = awaitCancel
	detachedHolding = holding
}
