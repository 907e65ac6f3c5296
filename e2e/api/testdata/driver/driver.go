// Package driver uses the plugin's Go API in ways that tests look at from outside.
// Its functions run compiled and interpreted, so they are written as a plugin is:
// no select, nothing generic, results without names. Each returns what went
// wrong, or nothing.
package driver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// patience is how long anything may take that isn't meant to hang. It is far
// from what a busy machine needs.
const patience = 30 * time.Second

func patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

func acquire(name string) (*zookeeper.Handle, error) {
	ctx, cancel := patient()
	defer cancel()
	return zookeeper.Acquire(ctx, name)
}

// registered registers a cluster and acquires it.
func registered(name, servers string) (*zookeeper.Handle, error) {
	return registeredFor(2*time.Second, name, servers)
}

// registeredFor is registered with a session timeout. A long one is for tests in which a
// busy machine must not cost the connection.
func registeredFor(timeout time.Duration, name, servers string) (*zookeeper.Handle, error) {
	err := zookeeper.Register(name, zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: timeout})
	if err != nil {
		return nil, err
	}
	return acquire(name)
}

// put makes a node with that value.
func put(h *zookeeper.Handle, path, value string) error {
	_, err := h.Conn().Set(path, []byte(value), -1)
	if err == zk.ErrNoNode {
		_, err = h.Conn().Create(path, []byte(value), 0, zk.WorldACL(zk.PermAll))
	}
	return err
}

func wait(w *zookeeper.Watch) (zk.Event, error) {
	ctx, cancel := patient()
	defer cancel()
	return w.Wait(ctx)
}

// silent tells whether a watch has no event.
func silent(w *zookeeper.Watch) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err := w.Wait(ctx)
	return errors.Is(err, context.DeadlineExceeded)
}

func eventually(holds func() bool) bool {
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			return false
		}
	}
	return true
}

func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

// endsEmpty tells whether an error ends where something should follow.
func endsEmpty(err error) bool { return strings.HasSuffix(strings.TrimSpace(err.Error()), ":") }

func isAborted(err error) bool { return errors.Is(err, zookeeper.ErrConnectionAborted) }

func problem(format string, args ...any) string { return fmt.Sprintf(format, args...) }
