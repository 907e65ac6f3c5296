package zookeeper

import (
	"context"
	"net/http"
	"time"

	"github.com/go-zookeeper/zk"
)

// What lives on after the call that made it is made by functions that are called
// through these variables: pools and connections, with their goroutines and
// callbacks, and timers.
//
// Yaegi: a frame refers to that of its caller, and a closure, a method's value and a
// goroutine refer to the frame that made them. So they keep what all functions that
// were running then had in their variables: a pool would keep the pool that it
// replaced, for as long as there is one. A function that is called through a variable
// of the package has no caller. What it gets must not be a closure, which would
// bring its frame along.
//
// They are set in init, since the functions lead back to the variables.
var (
	detachedPool       func(name string, s *settings) *pool
	detachedStart      func(p *pool)
	detachedConnect    func(p *pool)
	detachedSubtree    func(p *pool, pt *pattern, format, key string) *subtree
	detachedAuditAfter func(p *pool, delay time.Duration, carried bool)
	detachedLoseLater  func(p *pool)
	detachedRenewLater func(p *pool, c *connection)

	detachedSettleAfter      func(r *registry, delay time.Duration)
	detachedCheckCredentials func(p *pool)
	detachedLingerFor        func(r *registry, p *pool, rest time.Duration)
	detachedPrepareLater     func(p *pool, c *connection, e zk.Event, visit int, prove, catchUp bool)
	detachedAgain            func(delay time.Duration, what string, work func())

	detachedListener     func(inst *instance) *listener
	detachedRefreshAfter func(inst *instance, delay time.Duration, part string) *time.Timer
	detachedInquire      func(inst *instance) *time.Timer
	detachedAwaitCancel  func(ctx context.Context, id uintptr)
	detachedHolding      func(inst *instance, o *outlet) http.HandlerFunc
	detachedHandler      func(to *serving, next http.Handler) http.HandlerFunc
)

func init() {
	detachedPool = newPool
	detachedStart = start
	detachedConnect = connect
	detachedSubtree = newSubtree
	detachedAuditAfter = auditAfter
	detachedLoseLater = loseLater
	detachedRenewLater = renewLater
	detachedSettleAfter = settleAfter
	detachedCheckCredentials = checkCredentialsLater
	detachedLingerFor = lingerFor
	detachedPrepareLater = prepareLater
	detachedAgain = again
	detachedListener = listenerOf
	detachedRefreshAfter = refreshAfter
	detachedInquire = inquire
	detachedAwaitCancel = awaitCancel
	detachedHolding = holding
	detachedHandler = handlerFor
}
