package session

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// Traefik runs the plugin with the vendored client, which has the patches. Other Go code that
// requires the module has upstream's client, unless it replaces that one. Upstream's client
// gets parts that bound it from outside, as far as that goes.

// clientParts are what a client is made with.
type clientParts struct {
	callback zk.EventCallback
	hosts    zk.HostProvider
	logger   zk.Logger
	dialer   zk.Dialer
}

func clientPartsOf(s *Session, conn *Connection) *clientParts {
	parts := &clientParts{
		callback: eventCallback(s, conn),
		hosts:    ensemble.HostProvider(),
		logger:   asLogger(s.log),
		dialer:   dialerFor(s, conn),
	}
	if isPatched() {
		return parts
	}
	warnOfUpstream()
	parts.callback = guardedCallback("cluster "+s.Name+": event", parts.callback)
	parts.hosts = ensemble.HostProviderForUpstream()
	parts.logger = asGuardedLogger(&guardedLogger{log: s.log})
	parts.dialer = boundedDialer(conn.Settings, parts.dialer)
	return parts
}

// isPatched tells whether the ZooKeeper client of this program has the patches.
func isPatched() bool { return asyncGetOf(&zk.Conn{}) != nil }

// upstreamWarned is true once the log has the line about upstream's client.
var upstreamWarned atomic.Bool

func warnOfUpstream() {
	if upstreamWarned.CompareAndSwap(false, true) {
		log.Process(log.LevelWarn, "the ZooKeeper client is upstream's, without this package's patches: it has no recursive watches and no read-only servers, "+
			"and it can miss changes while it reconnects. For the patched client, run in your module: "+
			"go run github.com/mod-zookeeper/traefik-zookeeper/cmd/zkclient")
	}
}

// boundedDialer is a dialer whose connections refuse what upstream's client can't take.
func boundedDialer(settings *ensemble.Settings, dial zk.Dialer) zk.Dialer {
	return func(network, address string, timeout time.Duration) (net.Conn, error) {
		conn, err := dial(network, address, timeout)
		if err != nil {
			return nil, err
		}
		return ensemble.Bounded(conn, settings.SessionTimeout), nil
	}
}

// guardedCallback is a callback whose panics upstream's client doesn't see. They would end the
// process.
func guardedCallback(name string, callback zk.EventCallback) zk.EventCallback {
	return func(e zk.Event) {
		guard.Try(name, func() { callback(e) })
	}
}

// A guardedLogger is the client's log, of which upstream's client doesn't see the panics. The
// program's own logger may panic, so they can't be logged.
type guardedLogger struct{ log *clientLog }

func (l *guardedLogger) Printf(format string, args ...any) {
	defer func() { _ = recover() }()
	l.log.Printf(format, args...)
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asGuardedLogger(l *guardedLogger) zk.Logger { return l }
