package zookeeper

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
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

// Release gives the lock back; ErrNoLock the second time. A connection that has
// failed is dropped with its last holder, and made anew.
func (h *Handle) Release() error {
	if h == nil || h.session == nil || !h.released.CompareAndSwap(false, true) {
		return ErrNoLock
	}
	h.session.ReleaseForHandle(h.connection)
	registry.Clusters.Release(h.leased)
	return nil
}

// Check tells what an operation's error means for the connection. Connection
// lost, session expired, authentication failed and a closed client are
// ErrConnectionAborted, which wraps err, with msg in its text; all others,
// nil too, are returned as they are. Where the client can't recover by itself,
// the connection is marked as failed: nobody can acquire it any more, and the
// last holder's Release drops it.
func (h *Handle) Check(err error, msg string) error {
	if err == nil || !session.ConnectionFailed(err) {
		return err
	}
	if h.held() {
		h.session.NoteError(h.connection, err)
	}
	return fmt.Errorf("%w: cluster %s: %s: %w", ErrConnectionAborted, h.Name(), msg, err)
}

// Conn is the client, for operations that the handle doesn't have; its paths
// include the chroot. It is nil when the handle is released.
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
	return h.session.AgreedTimeout()
}

// State is the connection's, now.
func (h *Handle) State() State {
	state, _ := h.stateSince()
	return state
}

// Since is when the connection came into its state.
func (h *Handle) Since() time.Time {
	_, since := h.stateSince()
	return since
}

func (h *Handle) stateSince() (State, time.Time) {
	if h == nil || h.session == nil {
		return StateLost, time.Time{}
	}
	return h.session.StateSince()
}

// Listen calls the listener with each state that the connection comes into from
// now on, in their order, in a goroutine of its own, until stop is called or the
// cluster is not used any more. It returns nil when the handle is released or
// there is no listener.
func (h *Handle) Listen(listener func(State)) func() {
	if !h.held() || listener == nil {
		return nil
	}
	return h.session.Listen(listener)
}

// Get reads a node. The watch, unless nil, gets the first event after that.
// Errors are the client's, for Check; ErrNoLock when the handle is released; and
// ErrInvalid for a path that doesn't begin with a slash, and for a watch that is
// destroyed or another cluster's. On an error nothing is watched.
func (h *Handle) Get(path string, w *Watch) ([]byte, *zk.Stat, error) {
	full, watcher, err := h.prepare(path, w)
	if err != nil {
		return nil, nil, err
	}
	return h.session.Get(h.connection, full, watcher)
}

// Exists tells whether a node is there. The watch, unless nil, gets its creation,
// its deletion or its change. Errors are those of Get.
func (h *Handle) Exists(path string, w *Watch) (bool, *zk.Stat, error) {
	full, watcher, err := h.prepare(path, w)
	if err != nil {
		return false, nil, err
	}
	return h.session.Exists(h.connection, full, watcher)
}

// Children reads the names of a node's children. The watch, unless nil, gets the
// first event about which there are. Errors are those of Get.
func (h *Handle) Children(path string, w *Watch) ([]string, *zk.Stat, error) {
	full, watcher, err := h.prepare(path, w)
	if err != nil {
		return nil, nil, err
	}
	return h.session.ChildrenOf(h.connection, full, watcher)
}

func (h *Handle) prepare(path string, w *Watch) (string, *session.Watcher, error) {
	if !h.held() {
		return "", nil, ErrNoLock
	}
	if path == "" || path[0] != '/' {
		return "", nil, fmt.Errorf("%w: path: %q: a node's path begins with a slash", ErrInvalid, path)
	}
	if w == nil {
		return h.session.Chroot.Full(path), nil, nil
	}
	if w.session != h.session || w.isDestroyed() {
		return "", nil, fmt.Errorf("%w: the watch is destroyed, or another cluster's", ErrInvalid)
	}
	return h.session.Chroot.Full(path), w.watcher, nil
}
