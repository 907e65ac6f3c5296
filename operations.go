package zookeeper

import (
	"context"
	"fmt"
	"reflect"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

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
	close(done)
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
