package zookeeper

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// A Handle is a hold on a cluster's connection, shared with all others who have
// one. While it is held, the connection stays, unless somebody closes the client, or
// it had no session for 10 s beyond its timeout. Paths are below the cluster's chroot.
type Handle struct {
	leased     *clusters.Lease
	session    *session.Session
	connection *session.Connection
	released   atomic.Bool
}

func (h *Handle) held() bool { return h != nil && h.session != nil && !h.released.Load() }

// Release gives the lock back; ErrReleased the second time. A connection that has
// failed is dropped with its last holder, and made anew.
func (h *Handle) Release() error {
	if h == nil || h.session == nil || !h.released.CompareAndSwap(false, true) {
		return ErrReleased
	}
	h.session.ReleaseForHandle(h.connection)
	registry.Clusters.Release(h.leased)
	return nil
}

// Check logs the error of an operation, with msg, which says what was done, and tells what
// it means for the connection. Connection lost, session expired, authentication
// failed and a closed client are ErrConnectionAborted, which wraps err, with msg in
// its text; all others are returned as they are. Nil is nil, and nothing is logged. Where
// the client can't recover by itself, the connection is marked as failed: nobody can
// acquire it any more, and the last holder's Release drops it.
func (h *Handle) Check(err error, msg string) error {
	if err == nil {
		return nil
	}
	done := ""
	if msg != "" {
		done = msg + ": "
	}
	if !session.ConnectionFailed(err) {
		log.Cluster(log.LevelWarn, h.Name(), "%s%v", done, err)
		return err
	}
	log.Cluster(log.LevelError, h.Name(), "%s%v", done, err)
	if !h.held() {
		return fmt.Errorf("%w: cluster %s: %s%w", ErrConnectionAborted, h.Name(), done, err)
	}
	h.session.NoteError(h.connection, err)
	if h.session.IsReplaced(h.connection) {
		return fmt.Errorf("%w: %s%w", h.replacedError(), done, err)
	}
	return fmt.Errorf("%w: cluster %s: %s%w", ErrConnectionAborted, h.Name(), done, err)
}

// replacedError is for a handle that outlives its connection.
func (h *Handle) replacedError() error {
	return fmt.Errorf("%w: cluster %s: the handle's connection was replaced; release it, and acquire another one", ErrConnectionAborted, h.Name())
}

// Conn is the client, for operations that the handle doesn't have. Its paths include the
// chroot: Path makes them. It is nil when the handle is released.
//
// All who use the cluster share the client with its session. Watches that are set through it,
// credentials that are added and ephemeral nodes stay whatever middlewares, watch monitors
// and followings do, for as long as the session lasts. What nobody else does but the
// package is RemoveWatches, AddRecursiveWatch and RemoveRecursiveWatch.
func (h *Handle) Conn() *zk.Conn {
	if !h.held() {
		return nil
	}
	return h.connection.Client
}

// Name is the cluster's.
func (h *Handle) Name() string {
	if h == nil || h.session == nil {
		return ""
	}
	return h.session.Name
}

// Servers are the cluster's, each as host:port, sorted.
func (h *Handle) Servers() []string {
	if h == nil || h.session == nil {
		return nil
	}
	return h.session.Servers()
}

// Chroot is the node that the handle's paths start from; empty for the root.
func (h *Handle) Chroot() string {
	if h == nil || h.session == nil {
		return ""
	}
	return string(h.session.Chroot)
}

// SessionTimeout is what client and server agreed upon.
func (h *Handle) SessionTimeout() time.Duration {
	if h == nil || h.session == nil {
		return 0
	}
	return h.session.AgreedTimeout(h.connection)
}

// State is the state of the handle's connection now. When the connection was replaced, that
// is StateLost from then on, or, where other settings have taken its place while it was held,
// what the connection itself is in.
func (h *Handle) State() State {
	state, _ := h.stateSince()
	return state
}

// Since is when the connection came into its state, or when it was replaced.
func (h *Handle) Since() time.Time {
	_, since := h.stateSince()
	return since
}

func (h *Handle) stateSince() (State, time.Time) {
	if h == nil || h.session == nil {
		return StateLost, time.Time{}
	}
	return h.session.StateOf(h.connection)
}

// Listen calls the listener with each state that the cluster's connection comes into from
// now on, in their order, in a goroutine of its own, until stop is called or the
// cluster's session is closed. It outlives the handle. When stop has returned, the listener
// doesn't run, and isn't called any more: stop waits as Watch.Destroy does. The
// stop function is never nil. It does nothing when the handle is released or there is no
// listener.
func (h *Handle) Listen(listener func(State)) func() {
	if !h.held() || listener == nil {
		return func() {}
	}
	return h.session.Listen(listener)
}
