package zookeeper

import (
	"context"
	"errors"
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/clusters"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// mod_zookeeper's API, for other Go code. All functions and methods may be called
// from any goroutine.

var (
	// ErrNotFound: no cluster of that name is registered, nor defined by a middleware.
	ErrNotFound = clusters.ErrNotFound
	// ErrInvalid: an argument can't be right, or the watch is destroyed.
	ErrInvalid = problems.ErrInvalid
	// ErrBusy: a session is being made; try again, or use Acquire.
	ErrBusy = session.ErrBusy
	// ErrReleased: the handle is released.
	ErrReleased = errors.New("zookeeper: the handle is released")
	// ErrNoLock is ErrReleased.
	//
	// Deprecated: use ErrReleased.
	ErrNoLock = ErrReleased
	// ErrConnectionAborted: the connection is lost, and with it perhaps the session.
	ErrConnectionAborted = session.ErrConnectionAborted
)

// A Cluster is the definition of an ensemble, and TLS how it is reached. Package config
// documents them field by field.
type (
	Cluster = config.Cluster
	TLS     = config.TLS
)

// State is what a cluster's connection is in, in Curator's terms.
type State = session.State

const (
	// StateConnected is the first session.
	StateConnected = session.StateConnected
	// StateSuspended is no connection; the session may still be there. A cluster
	// begins with it.
	StateSuspended = session.StateSuspended
	// StateReconnected is a connection after suspended or lost: with the session
	// from before, or with a new one.
	StateReconnected = session.StateReconnected
	// StateLost is suspended for a session timeout, or an expired session.
	StateLost = session.StateLost
	// StateReadOnly is a session at a server that is cut off from the others, and
	// serves what it knows.
	StateReadOnly = session.StateReadOnly
)

// SetLogger has the package's messages go to a function, which gets the level
// (error, warn, info or debug) and the message, from any goroutine. It takes the
// place of standard output, for info and debug, and of package log, for the others;
// nil brings them back.
func SetLogger(write func(level, message string)) { log.SetLogger(write) }

// Register defines a cluster until Unregister or Close. It connects when the cluster is
// first acquired, followed or read, and keeps its session from then on: with ephemeral
// nodes, watches and listeners. The same name with the same settings is no error, with
// others it is ErrInvalid, as is what can't be right in them; the error names the key.
func Register(name string, c Cluster) error {
	if name == "" {
		return fmt.Errorf("%w: clusters: \"\": the cluster needs a name", ErrInvalid)
	}
	f := &problems.List{}
	s := ensemble.Check("clusters."+name, c, f)
	err := f.Err()
	if err == nil {
		err = registry.Clusters.Register(name, s)
	}
	if err != nil {
		return fmt.Errorf("%w: %s", ErrInvalid, err.Error())
	}
	return nil
}

// Unregister ends the definition of a cluster by Register. The session is closed when nobody
// uses it any more: no middleware and no following, and no handle, of which the last one that
// was released lingers for 30 s. It is ErrNotFound where the cluster isn't registered.
func Unregister(name string) error {
	if !registry.Clusters.Unregister(name) {
		return fmt.Errorf("%w: %q isn't registered", ErrNotFound, name)
	}
	return nil
}

// Close ends all that Go code has of ZooKeeper, for the end of a program: followings end,
// registered clusters are unregistered, and sessions closed that no middleware uses, whoever
// has a handle. It
// returns when the servers know, after about a second where one doesn't answer, so that
// ephemeral nodes are gone. What is registered later begins anew.
func Close() {
	open := registry.Clusters.Sessions()
	followed.EndAll()
	registry.Clusters.Close()
	for _, s := range open {
		session.AwaitClosed(s)
	}
}

// Lookup tells whether a cluster is registered, or defined by a middleware.
func Lookup(name string) bool {
	return registry.Clusters.Knows(name)
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
		leased := registry.Clusters.Acquire(name)
		if leased == nil {
			return nil, clusters.NotFound(name)
		}
		c, err := leased.Session.AcquireForHandle(ctx)
		if err == nil {
			return newHandle(leased, c), nil
		}
		registry.Clusters.Release(leased)
		if !leased.Session.IsSuperseded() || ctx.Err() != nil {
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
	leased := registry.Clusters.Acquire(name)
	if leased == nil {
		return nil, clusters.NotFound(name)
	}
	c, _, err := leased.Session.TryAcquireForHandle()
	if err != nil {
		registry.Clusters.Release(leased)
		return nil, err
	}
	return newHandle(leased, c), nil
}

func newHandle(leased *clusters.Lease, c *session.Connection) *Handle {
	return &Handle{leased: leased, session: leased.Session, connection: c}
}
