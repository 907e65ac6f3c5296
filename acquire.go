package zookeeper

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// mod_zookeeper's API, for other Go code. All functions and methods may be called
// from any goroutine.

var (
	// ErrNotFound: no cluster of that name is registered, nor defined by a middleware.
	ErrNotFound = errors.New("zookeeper: no such cluster")
	// ErrInvalid: an argument can't be right, or the watch is destroyed.
	ErrInvalid = errors.New("zookeeper: invalid argument")
	// ErrBusy: a session is being made; try again, or use Acquire.
	ErrBusy = errors.New("zookeeper: the connection is being made")
	// ErrNoLock: the handle is released.
	ErrNoLock = errors.New("zookeeper: the handle holds no lock")
	// ErrConnectionAborted: the connection is lost, and with it perhaps the session.
	ErrConnectionAborted = errors.New("zookeeper: connection aborted")
)

// Register defines a cluster for the rest of the process. It connects when the
// cluster is first acquired or read, and closes the session when nobody has used
// it for 30 s. The same name with the same settings is no error, with others it
// is ErrInvalid, as is what can't be right in them; the error names the key.
func Register(name string, c Cluster) error {
	if name == "" {
		return fmt.Errorf("%w: clusters: \"\": the cluster needs a name", ErrInvalid)
	}
	f := &faults{}
	s := checkCluster("clusters."+name, c, f)
	err := f.err()
	if err == nil {
		err = clusters.register(name, s)
	}
	if err != nil {
		return fmt.Errorf("%w: %s", ErrInvalid, err.Error())
	}
	return nil
}

// Lookup tells whether a cluster is registered, or defined by a middleware.
func Lookup(name string) bool {
	clusters.mu.Lock()
	defer clusters.mu.Unlock()
	return clusters.clusters[name].inForce() != nil
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
		p := clusters.lease(name)
		if p == nil {
			return nil, notFound(name)
		}
		h, err := p.awaitHold(ctx)
		if err == nil {
			return h, nil
		}
		clusters.giveBack(p)
		if !p.isSuperseded() || ctx.Err() != nil {
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
	p := clusters.lease(name)
	if p == nil {
		return nil, notFound(name)
	}
	h, _, err := p.hold()
	if err != nil {
		clusters.giveBack(p)
		return nil, err
	}
	return h, nil
}

func notFound(name string) error {
	return fmt.Errorf("%w: %q: register it, or define it in a middleware", ErrNotFound, name)
}

func (p *pool) awaitHold(ctx context.Context) (*Handle, error) {
	for {
		h, stirred, err := p.hold()
		if err == nil || p.isClosed() || p.isSuperseded() {
			return h, err
		}
		chosen, _, _ := reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(stirred)},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
		if chosen == 1 {
			return nil, fmt.Errorf("cluster %s: %w: %s", p.name, ctx.Err(), p.log.latest())
		}
	}
}

// hold returns a handle; or why there is none, and what closes when it may be
// otherwise.
func (p *pool) hold() (*Handle, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start()
	c := p.connection
	if p.closed || p.state == StateLost {
		return nil, p.stirred, fmt.Errorf("%w: cluster %s: %s", ErrConnectionAborted, p.name, p.log.latest())
	}
	if !p.up() || c.failed {
		return nil, p.stirred, fmt.Errorf("%w: cluster %s", ErrBusy, p.name)
	}
	c.holders++
	c.handles++
	return &Handle{pool: p, connection: c}, nil, nil
}

func (p *pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// supersede tells those who wait for a session that the cluster means another ensemble
// now.
func (p *pool) supersede() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.superseded = true
	p.stir()
}

func (p *pool) isSuperseded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.superseded
}

func (r *registry) register(name string, s *settings) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.conflict(name, s, "")
	if err != nil {
		return err
	}
	c := r.cluster(name)
	c.registered = s
	r.putInForce(c, s)
	r.checkOnly()
	r.settleAll()
	return nil
}

// lease returns a cluster's pool, nil where there is none, and keeps it open until
// it is given back, and lingers.
func (r *registry) lease(name string) *pool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == onlyCluster {
		return nil
	}
	p := r.poolFor(name)
	if p == nil {
		return nil
	}
	p.leases++
	if !p.leased {
		p.leased = true
		p.refs++
	}
	return p
}

func (r *registry) giveBack(p *pool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p.leases--
	p.idleSince = time.Now()
	if p.leases == 0 && !p.lingering {
		p.lingering = true
		detachedLingerFor(r, p, linger)
	}
}

func lingerFor(r *registry, p *pool, rest time.Duration) {
	after(rest, "cluster "+p.name+": linger", func() { r.endLease(p) })
}

// endLease lets go of a pool that nobody has leased for the time of a linger.
func (r *registry) endLease(p *pool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := linger - time.Since(p.idleSince)
	if p.leases == 0 && rest > 0 {
		detachedLingerFor(r, p, rest)
		return
	}
	p.lingering = false
	if p.leases == 0 {
		p.leased = false
		p.unref()
	}
}
