package zookeeper

import (
	"context"
	"errors"
	"fmt"
)

// mod_zookeeper's API, for other Go code. All functions and methods may be called
// from any goroutine.

var (
	// ErrNotFound: no cluster of that name is registered, nor defined by a middleware.
	ErrNotFound = errors.New("zookeeper: no such cluster")
	// ErrInvalid: an argument can't be right, or the watch is destroyed.
	ErrInvalid = errors.New("zookeeper: invalid argument")
	// ErrNoLock: the handle is released.
	ErrNoLock = errors.New("zookeeper: the handle holds no lock")
)

// Register defines a cluster for the rest of the process. It connects when the
// cluster is first acquired or read, and closes the session when nobody has used
// it for 30 s. The same name with the same settings is no error, with others it
// is ErrInvalid, as is what can't be right in them; the error names the key.
func Register(name string, c Cluster) error {
	if name == "" {
		return fmt.Errorf("%w: clusters: \"\": the cluster needs a name", ErrInvalid)
	}
	f := &problemList{}
	s := checkCluster("clusters."+name, c, f)
	err := f.err()
	if err == nil {
		err = registry.clusters.register(name, s)
	}
	if err != nil {
		return fmt.Errorf("%w: %s", ErrInvalid, err.Error())
	}
	return nil
}

// Lookup tells whether a cluster is registered, or defined by a middleware.
func Lookup(name string) bool {
	return registry.clusters.knows(name)
}

// Acquire takes the cluster's shared lock, which any number of holders can have
// at once, and connects where there is no connection. It waits until there is a
// session, as long as ctx allows.
//
// It returns ErrNotFound, ErrInvalid, ctx's error, or ErrConnectionAborted where
// the cluster was given up meanwhile.
func Acquire(ctx context.Context, name string) (*Handle, error) {
	if ctx == nil || name == "" {
		return nil, fmt.Errorf("%w: Acquire needs a context and the name of a cluster", ErrInvalid)
	}
	for {
		leased := registry.clusters.lease(name)
		if leased == nil {
			return nil, notFound(name)
		}
		c, err := leased.session.awaitHold(ctx)
		if err == nil {
			return newHandle(leased, c), nil
		}
		registry.clusters.giveBack(leased)
		if !leased.session.isSuperseded() || ctx.Err() != nil {
			return nil, err
		}
	}
}

// TryAcquire is Acquire that never waits. It returns ErrBusy while a session is
// being made, and ErrConnectionAborted when that has not worked for longer than
// a session timeout; it goes on being tried.
func TryAcquire(name string) (*Handle, error) {
	if name == "" {
		return nil, fmt.Errorf("%w: TryAcquire needs the name of a cluster", ErrInvalid)
	}
	leased := registry.clusters.lease(name)
	if leased == nil {
		return nil, notFound(name)
	}
	c, _, err := leased.session.tryHold()
	if err != nil {
		registry.clusters.giveBack(leased)
		return nil, err
	}
	return newHandle(leased, c), nil
}

func newHandle(leased *sharedPool, c *connection) *Handle {
	return &Handle{leased: leased, session: leased.session, connection: c}
}

func notFound(name string) error {
	return fmt.Errorf("%w: %q: register it, or define it in a middleware", ErrNotFound, name)
}
