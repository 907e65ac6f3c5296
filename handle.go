package zookeeper

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
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

// The operations of a handle. Paths are below the cluster's chroot. Errors are the client's,
// for Check; ErrReleased when the handle is released; and ErrInvalid for a path that doesn't
// begin with a slash.

// Path is the path that a node has for Conn: with the chroot in front.
func (h *Handle) Path(path string) string {
	if h == nil || h.session == nil {
		return path
	}
	return h.session.Chroot.Full(path)
}

// Get reads a node. The watch, unless nil, gets the first event after that. It is
// ErrInvalid for a watch that is destroyed, another cluster's, or of a session of the cluster
// that was closed. On an error nothing is watched.
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

// Children reads the names of a node's children, in any order. The watch, unless nil, gets
// the first event about which there are. Errors are those of Get.
func (h *Handle) Children(path string, w *Watch) ([]string, *zk.Stat, error) {
	full, watcher, err := h.prepare(path, w)
	if err != nil {
		return nil, nil, err
	}
	return h.session.ChildrenOf(h.connection, full, watcher)
}

// GetContext is Get that returns ctx's error as soon as ctx is done. What was asked for goes
// on then, so the watch may be armed all the same.
func (h *Handle) GetContext(ctx context.Context, path string, w *Watch) ([]byte, *zk.Stat, error) {
	got := &outcome{}
	err := within(ctx, func() {
		data, stat, err := h.Get(path, w)
		got.data = data
		got.stat = stat
		got.err = err
	})
	if err != nil {
		return nil, nil, err
	}
	return got.data, got.stat, got.err
}

// ExistsContext is Exists that returns ctx's error as soon as ctx is done, as GetContext does.
func (h *Handle) ExistsContext(ctx context.Context, path string, w *Watch) (bool, *zk.Stat, error) {
	got := &outcome{}
	err := within(ctx, func() {
		exists, stat, err := h.Exists(path, w)
		got.exists = exists
		got.stat = stat
		got.err = err
	})
	if err != nil {
		return false, nil, err
	}
	return got.exists, got.stat, got.err
}

// ChildrenContext is Children that returns ctx's error as soon as ctx is done, as GetContext
// does.
func (h *Handle) ChildrenContext(ctx context.Context, path string, w *Watch) ([]string, *zk.Stat, error) {
	got := &outcome{}
	err := within(ctx, func() {
		names, stat, err := h.Children(path, w)
		got.names = names
		got.stat = stat
		got.err = err
	})
	if err != nil {
		return nil, nil, err
	}
	return got.names, got.stat, got.err
}

// An outcome is what an operation has returned.
type outcome struct {
	data   []byte
	exists bool
	names  []string
	stat   *zk.Stat
	err    error
}

// within has an operation done, and returns ctx's error where ctx is done before. What the
// operation has written may be read where the error is nil.
func within(ctx context.Context, operation func()) error {
	if ctx == nil {
		return fmt.Errorf("%w: the operation needs a context", ErrInvalid)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	done := make(chan struct{})
	go finish(operation, done)
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
	})
	if chosen == 1 {
		return ctx.Err()
	}
	return nil
}

func finish(operation func(), done chan struct{}) {
	guard.Try("an operation with a context", operation)
	guard.Try("an operation with a context", func() { close(done) })
}

func (h *Handle) prepare(path string, w *Watch) (string, *session.Watcher, error) {
	full, err := h.full(path)
	if err != nil || w == nil {
		return full, nil, err
	}
	switch {
	case w.isDestroyed():
		return "", nil, errDestroyed()
	case w.session == nil || w.session.Name != h.session.Name:
		return "", nil, fmt.Errorf("%w: the watch is another cluster's than %s", ErrInvalid, h.Name())
	case w.session != h.session:
		return "", nil, fmt.Errorf("%w: the watch is of a session of cluster %s that was closed; make another one by NewWatch", ErrInvalid, h.Name())
	}
	w.beginArming()
	return full, w.watcher, nil
}

// full is a path with the chroot.
func (h *Handle) full(path string) (string, error) {
	if !h.held() {
		return "", ErrReleased
	}
	if path == "" || path[0] != '/' {
		return "", fmt.Errorf("%w: path: %q: a node's path begins with a slash", ErrInvalid, path)
	}
	return h.session.Chroot.Full(path), nil
}

// Create makes a node and returns its path, to whose end the server adds a number where flags
// have zk.FlagSequence. Its ACL lets everybody do everything, unless acl has entries.
func (h *Handle) Create(path string, data []byte, flags int32, acl ...zk.ACL) (string, error) {
	full, err := h.full(path)
	if err != nil {
		return "", err
	}
	if len(acl) == 0 {
		acl = zk.WorldACL(zk.PermAll)
	}
	created, err := h.connection.Client.Create(full, data, flags, acl)
	if err != nil {
		return "", err
	}
	return h.session.Chroot.Relative(created), nil
}

// Set replaces a node's data. It is zk.ErrBadVersion where the node has another version; -1
// stands for any.
func (h *Handle) Set(path string, data []byte, version int32) (*zk.Stat, error) {
	full, err := h.full(path)
	if err != nil {
		return nil, err
	}
	return h.connection.Client.Set(full, data, version)
}

// Delete removes a node that has no children. It is zk.ErrBadVersion where the node has
// another version; -1 stands for any.
func (h *Handle) Delete(path string, version int32) error {
	full, err := h.full(path)
	if err != nil {
		return err
	}
	return h.connection.Client.Delete(full, version)
}
