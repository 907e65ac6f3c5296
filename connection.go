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
// itself. Whoever uses it holds it. Its fields belong to the session's lock.
type connection struct {
	number    int // of the session's
	client    *zk.Conn
	holders   int
	handles   int                           // holders outside of the plugin
	failed    bool                          // the client can't help itself: it is replaced when nobody holds it
	proven    bool                          // the client has the credentials, and presents them at each reconnect
	presented []byte                        // the credentials, in the session
	unaware   bool                          // the client doesn't know what was seen before
	getAsync  asyncGet                      // nil where the client can't
	answer    func([]byte, *zk.Stat, error) // gets what getAsync asked for
	visit     int                           // counts connections to servers, and their ends

	settings  *settings       // that it was made with
	recursive map[string]bool // the paths of its recursive watches
	retired   bool            // it isn't the session's any more, and is closed when nobody holds it
}

// connect makes a client, which connects by itself from then on.
func connect(h *held) {
	h.connections++
	s := h.settings
	c := &connection{number: h.connections, unaware: true, settings: s, recursive: map[string]bool{}}
	h.above.connecting(c)
	h.connection = c
	client, events, err := zk.Connect(s.servers, s.sessionTimeout,
		zk.WithEventCallback(callbackFor(sessionOf(h), c)),
		zk.WithHostProvider(hostProvider()),
		zk.WithLogger(asLogger(h.log)),
		zk.WithLogInfo(false),
		zk.WithDialer(dialerFor(sessionOf(h), c)),
		zk.WithMaxBufferSize(longestPacket))
	if err != nil {
		logCluster(levelError, h.name, "no client: %s", err.Error())
		return
	}
	c.client = client
	c.getAsync = asyncGetOf(client)
	go awaitEnd(sessionOf(h), c, events)
}

// awaitEnd notices a client that somebody has closed.
func awaitEnd(s *session, c *connection, events <-chan zk.Event) {
	insist("cluster "+s.name+": end of a client", func() {
		for range events {
		}
		s.fail(c)
	})
}

func (h *held) replaceFailed() {
	if !h.closed && h.connection.failed && h.connection.holders == 0 {
		h.replace()
	}
}

func (h *held) replace() {
	h.wentDown()
	h.drop()
	detachedConnect(h)
	if h.word == StateLost {
		detachedRenewLater(h, h.connection)
	}
}

// drop gives the client up.
func (h *held) drop() {
	c := h.connection
	h.above.dropping(c)
	h.connection = &connection{settings: h.settings}
	if c.client != nil && !c.retired {
		go closeClient(c.client)
	}
	releaseAll(h, zk.ErrClosing)
}

func closeClient(client *zk.Conn) {
	insist("closing a connection", client.Close)
}

// renewLater replaces the client where it still has no session by then, held or
// not.
func renewLater(h *held, c *connection) {
	s := sessionOf(h)
	after(renewAfter, "cluster "+s.name+": renewal", func() { renew(s, c) })
}

func renew(s *session, c *connection) {
	h := lockSession(s)
	defer unlockSession(s)
	switch {
	case h.closed || h.up() || c != h.connection:
	case s.log.isDismissed(): // another client would be as well, and sooner
		detachedRenewLater(h, c)
	default:
		h.replace()
	}
}

// hold returns the connection for an operation, nil where there is no session. It is
// given back by release.
func (h *held) hold() *connection {
	if h.closed || !h.up() {
		return nil
	}
	h.connection.holders++
	return h.connection
}

// isReadable tells whether there is a session that can be read in.
func (h *held) isReadable() bool {
	return h.up() && (!h.connection.failed || h.connection.handles > 0)
}

// release ends somebody's use of a connection.
func release(h *held, c *connection) {
	c.holders--
	if c.retired && c.holders == 0 {
		go closeClient(c.client)
	}
	if c.failed {
		h.replaceFailed()
	}
}

// callbackFor makes what the client calls with each event, in its own goroutines, which
// must not be blocked.
func callbackFor(s *session, c *connection) zk.EventCallback {
	return func(e zk.Event) {
		if e.Type == zk.EventSession {
			sessionEvent(s, c, e)
			return
		}
		s.above.asked(c, e)
		h := lockSession(s)
		if c == h.connection && !h.closed {
			fire(h, e)
		}
		s.mu.Unlock()
	}
}

func sessionEvent(s *session, c *connection, e zk.Event) {
	h := lockSession(s)
	defer unlockAndTellLater(s)
	if c != h.connection || h.closed {
		return
	}
	for w := range h.watchers {
		w.notify(e)
	}
	switch e.State {
	case zk.StateHasSession, zk.StateConnectedReadOnly:
		c.visit++
		admit(h, c, e)
	case zk.StateDisconnected, zk.StateAuthFailed:
		c.visit++
		h.wentDown()
	case zk.StateExpired:
		h.expired()
	}
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
