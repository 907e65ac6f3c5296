package session

import (
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

const (
	// replaceAfter is how long a lost session may stay away before its client is replaced.
	// The client insists on the last state that it saw, and an ensemble that was set up
	// anew refuses it for ever.
	replaceAfter = 10 * time.Second
	// longestPacket is a node and what surrounds it on the wire, many times over.
	// ZooKeeper's own limit is 1 MB.
	longestPacket = 64 << 20
)

// A Connection is one client, which connects by itself and keeps its session or makes a new
// one. Whoever uses it counts as a holder until it is released. Its fields may be read and
// changed with the session's lock held only, but for Number, Client, GetAsync, OnAnswer and
// Settings, which don't change once there is a session.
type Connection struct {
	Number    int                           // of the session's connections
	Client    *zk.Conn                      // nil where it couldn't be made, and before the start
	GetAsync  asyncGet                      // reads a node without waiting; nil for a client that can't
	OnAnswer  func([]byte, *zk.Stat, error) // the store's; gets the answers to GetAsync in the client's goroutine
	Settings  *ensemble.Settings            // that it was made with
	Holders   int                           // who uses it, handles included
	Period    int                           // changes whenever the client connects to a server, or loses it
	Recursive map[string]bool               // the paths of its recursive watches

	handles       int           // holders outside of the plugin
	failed        bool          // the client can't help itself: it is replaced when nobody holds it
	retired       bool          // it isn't the session's any more, and is closed when nobody holds it
	dropped       time.Time     // when the session gave the client up; zero while it has it
	timeout       time.Duration // of the client's session, as negotiated; 0 before the first one
	unaware       bool          // the client has seen nothing yet, so it may read what is older than what was read before
	authenticated bool          // the client has the credentials, and presents them whenever it connects
	presented     []byte        // the credentials in the session
}

// connect makes a client, which connects by itself from then on. It is called with the lock
// held.
func connect(in *Internals) {
	in.connections++
	s, settings := sessionOf(in), in.settings
	conn := &Connection{Number: in.connections, unaware: true, Settings: settings, Recursive: map[string]bool{}}
	conn.OnAnswer = in.callbacks.AnswerTo(conn.Number)
	in.Connection = conn
	parts := clientPartsOf(s, conn)
	client, events, err := zk.Connect(settings.Servers, settings.SessionTimeout,
		zk.WithEventCallback(parts.callback),
		zk.WithHostProvider(parts.hosts),
		zk.WithLogger(parts.logger),
		zk.WithLogInfo(false),
		zk.WithDialer(parts.dialer),
		zk.WithMaxBufferSize(longestPacket))
	if err != nil {
		log.Cluster(log.LevelError, in.name, "no client: %s", err.Error())
		return
	}
	conn.Client = client
	conn.GetAsync = asyncGetOf(client)
	go awaitEnd(s, conn, events)
}

// awaitEnd notices a client that somebody has closed.
func awaitEnd(s *Session, conn *Connection, events <-chan zk.Event) {
	guard.Retry("cluster "+s.Name+": end of a client", func() {
		for range events {
		}
		replaceClosed(s, conn)
	})
}

// replaceClosed replaces a client that somebody has closed, whoever holds it.
func replaceClosed(s *Session, conn *Connection) {
	in := Lock(s)
	defer Unlock(s)
	conn.failed = true
	if conn == in.Connection && !in.Closed {
		in.replace()
	}
}

// replaceFailed replaces a client that can't help itself, unless somebody still uses it.
func (in *Internals) replaceFailed() {
	if !in.Closed && in.Connection.failed && in.Connection.Holders == 0 {
		in.replace()
	}
}

// replace gives the client up and makes another one.
func (in *Internals) replace() {
	in.noteDown()
	in.drop()
	detachedConnect(in)
	if in.state == StateLost {
		detachedReplaceLater(in, in.Connection)
	}
}

// drop gives the client up. Those who wait for its watches are told that they are gone.
func (in *Internals) drop() {
	conn := in.Connection
	in.callbacks.DroppingConnection()
	in.Connection = &Connection{Settings: in.settings}
	conn.dropped = time.Now()
	if conn.Client != nil && !conn.retired {
		closeLater(in, conn.Client)
	}
	endAllWatches(in, zk.ErrClosing)
}

// closeLater closes a client, which takes a second at most, in another goroutine. AwaitClosed
// waits for that.
func closeLater(in *Internals, client *zk.Conn) {
	c := &closingClient{closed: make(chan struct{})}
	in.closing[client] = c
	go closeClient(sessionOf(in), client, c)
}

func closeClient(s *Session, client *zk.Conn, c *closingClient) {
	guard.Retry("closing a connection", func() {
		client.Close()
		noteClosed(s, client, c)
	})
}

func noteClosed(s *Session, client *zk.Conn, c *closingClient) {
	in := Lock(s)
	defer s.Mu.Unlock()
	delete(in.closing, client)
	close(c.closed)
}

// AwaitClosed returns when the servers have been told of all clients that were closed so far.
func AwaitClosed(s *Session) {
	for _, c := range closingClients(s) {
		<-c.closed
	}
}

// A closingClient is a client that is being closed.
//
// Yaegi: ranging over a list of channels panics.
type closingClient struct {
	closed chan struct{} // closed when the client is
}

func closingClients(s *Session) []*closingClient {
	in := Lock(s)
	defer s.Mu.Unlock()
	var all []*closingClient
	for _, c := range in.closing {
		all = append(all, c)
	}
	return all
}

// replaceLater replaces the client, held or not, where it still has no session by then.
func replaceLater(in *Internals, conn *Connection) {
	s := sessionOf(in)
	guard.After(replaceAfter, "cluster "+s.Name+": renewal", func() { replaceIfDown(s, conn) })
}

func replaceIfDown(s *Session, conn *Connection) {
	in := Lock(s)
	defer Unlock(s)
	switch {
	case in.Closed || in.IsUp() || conn != in.Connection:
	case s.log.IsDismissed(): // another client would be as well, and sooner
		detachedReplaceLater(in, conn)
	default:
		in.replace()
	}
}

// eventCallback is what the client calls with each event. It calls it in its own
// goroutines, which must not be blocked.
func eventCallback(s *Session, conn *Connection) zk.EventCallback {
	return func(e zk.Event) {
		if e.Type == zk.EventSession {
			handleSessionEvent(s, conn, e)
			return
		}
		s.internals.callbacks.EventArrived(conn.Number, e) // callbacks stay the same, so no lock is needed
		s.Mu.Lock()
		in := s.internals
		if conn == in.Connection && !in.Closed {
			fireEvent(in, e)
		}
		s.Mu.Unlock()
	}
}

// handleSessionEvent handles the client's own events: it has a server, or none, or its
// session has ended.
func handleSessionEvent(s *Session, conn *Connection, e zk.Event) {
	in := Lock(s)
	defer UnlockAndTellLater(s)
	if conn != in.Connection || in.Closed {
		return
	}
	for w := range in.watchers {
		w.Notify(e)
	}
	switch e.State {
	case zk.StateHasSession, zk.StateConnectedReadOnly:
		conn.Period++
		admit(in, conn, e)
	case zk.StateDisconnected, zk.StateAuthFailed:
		conn.Period++
		in.noteDown()
	case zk.StateExpired:
		in.noteExpired()
	}
}

// negotiatedTimeout is the session's timeout that client and server agreed upon. The client
// has no method for it. It may be asked while the client reports the session.
func negotiatedTimeout(client *zk.Conn, wanted time.Duration) time.Duration {
	fields := reflect.ValueOf(client).Elem()
	field := fields.FieldByName("sessionTimeoutMs")
	if !field.IsValid() {
		field = fields.FieldByName("XsessionTimeoutMs") // Yaegi: it exports all fields
	}
	if !field.IsValid() {
		return wanted
	}
	return time.Duration(field.Int()) * time.Millisecond
}

var connectionFailures = []error{zk.ErrConnectionClosed, zk.ErrSessionExpired, zk.ErrSessionMoved, zk.ErrNoServer, zk.ErrClosing, zk.ErrAuthFailed}

// ConnectionFailed tells whether an operation's error is the connection's fault, or the
// session's, and not the node's.
func ConnectionFailed(err error) bool {
	for _, failure := range connectionFailures {
		if errors.Is(err, failure) {
			return true
		}
	}
	return strings.Contains(err.Error(), ensemble.RequiresAuth)
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asLogger(l *clientLog) zk.Logger { return l }
