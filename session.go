package zookeeper

import (
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
)

const (
	// The client insists on the last state it saw: an ensemble that was set up
	// anew refuses it for ever. So some time after the session was lost the
	// client is replaced.
	renewAfter = 10 * time.Second
	// One node and what surrounds it on the wire: ZooKeeper's own limit is 1 MB.
	longestPacket = 64 << 20
)

// A connection is a client with its session, which it keeps or renews by
// itself. Whoever uses it holds it. Its fields belong to the pool's lock.
type connection struct {
	number    int // of the pool's
	client    *zk.Conn
	holders   int
	handles   int                           // holders outside of the plugin
	failed    bool                          // the client can't help itself: it is replaced when nobody holds it
	proven    bool                          // the client has the credentials, and presents them at each reconnect
	presented []byte                        // the credentials, in the session
	unaware   bool                          // the client doesn't know what was seen before
	getAsync  asyncGet                      // nil where the client can't
	take      func([]byte, *zk.Stat, error) // gets what getAsync asked for
	visit     int                           // counts connections to servers, and their ends

	settings  *settings       // that it was made with
	recursive map[string]bool // the roots of its recursive watches
	retired   bool            // it isn't the pool's any more, and is closed when nobody holds it
}

// connect makes a client, which connects by itself from then on; p.mu is held.
func connect(p *pool) {
	p.connections++
	s := p.settings
	c := &connection{number: p.connections, unaware: true, settings: s, recursive: map[string]bool{}}
	c.take = p.answersOf(c)
	p.connection = c
	client, events, err := zk.Connect(s.servers, s.sessionTimeout,
		zk.WithEventCallback(p.callback(c)),
		zk.WithHostProvider(asHostProvider(newHosts())),
		zk.WithLogger(asLogger(p.log)),
		zk.WithLogInfo(false),
		zk.WithDialer(p.dialer(c)),
		zk.WithMaxBufferSize(longestPacket))
	if err != nil {
		logCluster(levelError, p.name, "no client: %s", err.Error())
		return
	}
	c.client = client
	c.getAsync = asyncGetOf(client)
	go p.awaitEnd(c, events)
}

// awaitEnd notices a client that somebody has closed.
func (p *pool) awaitEnd(c *connection, events <-chan zk.Event) {
	insist("cluster "+p.name+": end of a client", func() {
		for range events {
		}
		p.fail(c)
	})
}

// fail marks a connection whose client can't help itself any more.
func (p *pool) fail(c *connection) {
	tell(p.failed(c))
}

func (p *pool) failed(c *connection) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.failed = true
	return p.replaceFailed()
}

// replaceFailed replaces a connection that has failed, once nobody holds it, and
// returns who is to be told that values became stale; p.mu is held.
func (p *pool) replaceFailed() []*listener {
	if p.closed || !p.connection.failed || p.connection.holders > 0 {
		return nil
	}
	return p.replace()
}

func (p *pool) replace() []*listener {
	affected := p.wentDown()
	p.drop()
	detachedConnect(p)
	if p.state == StateLost {
		detachedRenewLater(p, p.connection)
	}
	return affected
}

// redefine has other settings of the same ensemble count from now on. What is known
// stays, and is read again in the new session. Handles keep the client that they have
// until they are released.
func (p *pool) redefine(s *settings) {
	tell(p.redefined(s))
}

func (p *pool) redefined(s *settings) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.credentials.id() != p.settings.credentials.id() {
		p.digest = nil
		p.lacking = ""
	}
	p.settings = s
	p.negotiated = 0
	if !p.started || p.closed {
		return nil
	}
	logCluster(levelInfo, p.name, "has other settings: %s", s.describe())
	if p.rotating == nil && s.hasPasswordFile() {
		detachedCheckCredentials(p)
	}
	p.connection.retired = p.connection.handles > 0
	return p.replace()
}

// drop gives the client up; p.mu is held.
func (p *pool) drop() {
	p.abandonPrompt()
	c := p.connection
	p.connection = &connection{settings: p.settings}
	if c.client != nil && !c.retired {
		go closeClient(c.client)
	}
	p.spendAll(zk.ErrClosing)
}

func closeClient(client *zk.Conn) {
	insist("closing a connection", client.Close)
}

// renewLater replaces the client where it still has no session by then, held or
// not; p.mu is held.
func renewLater(p *pool, c *connection) {
	after(renewAfter, "cluster "+p.name+": renewal", func() { tell(p.renew(c)) })
}

func (p *pool) renew(c *connection) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.up() || c != p.connection {
		return nil
	}
	if p.log.isDismissed() { // another client would be as well, and sooner
		detachedRenewLater(p, c)
		return nil
	}
	return p.replace()
}

// callback runs in the client's goroutines, and must not block them.
func (p *pool) callback(c *connection) zk.EventCallback {
	return func(e zk.Event) {
		if e.Type == zk.EventSession {
			p.sessionEvent(c, e)
		} else {
			askPromptly(p, c, e)
			heard(p, c, e)
		}
	}
}

func (p *pool) sessionEvent(c *connection, e zk.Event) {
	affected := p.affectedBy(c, e)
	if len(affected) > 0 {
		go tell(affected)
	}
}

// tell calls listeners, none of which can keep the others from being called.
func tell(listeners []*listener) {
	for _, l := range listeners {
		if !guarded(l.what, l.changed) {
			again(firstRestart, l.what, l.changed)
		}
	}
}

func heard(p *pool, c *connection, e zk.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c != p.connection || p.closed {
		return
	}
	fire(p, e)
}

// affectedBy takes an event of the session and returns who is to be told that
// values became stale or fresh.
func (p *pool) affectedBy(c *connection, e zk.Event) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c != p.connection || p.closed {
		return nil
	}
	for w := range p.sessionWatchers {
		w.notify(e)
	}
	switch e.State {
	case zk.StateHasSession, zk.StateConnectedReadOnly:
		c.visit++
		return p.admitted(c, e)
	case zk.StateDisconnected, zk.StateAuthFailed:
		c.visit++
		return p.wentDown()
	case zk.StateExpired:
		return p.expired()
	}
	return nil
}

// negotiatedTimeout is what client and server agreed upon, which the client
// doesn't tell. It may be asked while the client reports the session.
func negotiatedTimeout(client *zk.Conn, asked time.Duration) time.Duration {
	fields := reflect.ValueOf(client).Elem()
	field := fields.FieldByName("sessionTimeoutMs")
	if !field.IsValid() {
		field = fields.FieldByName("XsessionTimeoutMs") // Yaegi: it exports all fields
	}
	if !field.IsValid() {
		return asked
	}
	return time.Duration(field.Int()) * time.Millisecond
}

var connectionFailures = []error{zk.ErrConnectionClosed, zk.ErrSessionExpired, zk.ErrSessionMoved, zk.ErrNoServer, zk.ErrClosing, zk.ErrAuthFailed}

func connectionFailed(err error) bool {
	for _, failure := range connectionFailures {
		if errors.Is(err, failure) {
			return true
		}
	}
	return strings.Contains(err.Error(), requiresAuth)
}
