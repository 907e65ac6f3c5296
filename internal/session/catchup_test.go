package session

import (
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
)

// clientIn gives a session a client that is connected to nothing.
func clientIn(s *Session) *Connection {
	in := Lock(s)
	defer s.Mu.Unlock()
	in.Connection = &Connection{Settings: in.settings, Client: &zk.Conn{}, unaware: true, Recursive: map[string]bool{}}
	return in.Connection
}

// tellOf has a session's client tell of one of its own events.
func tellOf(s *Session, conn *Connection, state zk.State) {
	eventCallback(s, conn)(zk.Event{Type: zk.EventSession, State: state, Server: "zk1:2181"})
}

// The first session is used at once. So is one that the client has again.
func TestSessionThatIsUsedAtOnce(t *testing.T) {
	s := unconnected()
	conn := clientIn(s)
	tellOf(s, conn, zk.StateHasSession)
	if s.internals.state != StateConnected || !s.internals.DownSince.IsZero() || conn.unaware {
		t.Errorf("it is %s, without a session since %s", s.internals.state, s.internals.DownSince)
	}
	tellOf(s, conn, zk.StateDisconnected)
	if s.internals.state != StateSuspended || s.internals.DownSince.IsZero() {
		t.Errorf("without a server it is %s", s.internals.state)
	}
	tellOf(s, conn, zk.StateConnectedReadOnly)
	if s.internals.state != StateReadOnly {
		t.Errorf("at a server that only reads it is %s", s.internals.state)
	}
}

// Only what a client tells counts that is the session's.
func TestEventsOfAClientThatWasReplaced(t *testing.T) {
	s := unconnected()
	former := clientIn(s)
	conn := clientIn(s)
	tellOf(s, former, zk.StateHasSession)
	if s.internals.IsUp() {
		t.Error("the former client's session is used")
	}
	tellOf(s, conn, zk.StateHasSession)
	tellOf(s, former, zk.StateDisconnected)
	if !s.internals.IsUp() || former.Period != 0 {
		t.Error("the former client ends the session")
	}
}

// What is to be done before a session is used.
func TestWhatASessionLacks(t *testing.T) {
	secret, _ := withPassword(t, "user", "secret")
	for _, c := range []struct {
		what             string
		settings         *ensemble.Settings
		change           func(in *Internals, conn *Connection)
		presents, awaits bool
	}{
		{"the first session", &ensemble.Settings{}, func(in *Internals, conn *Connection) {}, false, false},
		{"a client that replaces another one", &ensemble.Settings{}, func(in *Internals, conn *Connection) { in.id = 1 }, false, true},
		{"a client that connects again", &ensemble.Settings{}, func(in *Internals, conn *Connection) { in.id, conn.unaware = 1, false }, false, false},
		{"a server that wanted other credentials", &ensemble.Settings{}, func(in *Internals, conn *Connection) {
			in.log.Printf("%s: %v", "zk1:2181", zk.ErrAuthFailed)
		}, false, true},
		{"credentials", secret, func(in *Internals, conn *Connection) {}, true, false},
		{"credentials that the client has", secret, func(in *Internals, conn *Connection) { conn.authenticated = true }, false, false},
	} {
		s := New("c", c.settings)
		conn := clientIn(s)
		c.change(s.internals, conn)
		got := candidateIn(s.internals, conn, zk.Event{})
		if got.lacksCredentials != c.presents || got.mayLag != c.awaits {
			t.Errorf("%s: presents credentials %t, waits for the server %t", c.what, got.lacksCredentials, got.mayLag)
		}
	}
}

// A session that is prepared is used where it is still the same.
func TestSessionThatIsPrepared(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(in *Internals, conn *Connection)
		isUsed bool
	}{
		{"the same", func(in *Internals, conn *Connection) {}, true},
		{"at another server", func(in *Internals, conn *Connection) { conn.Period++ }, false},
		{"of a client that was replaced", func(in *Internals, conn *Connection) { in.Connection = &Connection{Settings: in.settings} }, false},
		{"closed", func(in *Internals, conn *Connection) { in.Closed = true }, false},
	} {
		s := unconnected()
		conn := clientIn(s)
		fresh := candidateIn(s.internals, conn, zk.Event{Server: "zk1:2181"})
		c.change(s.internals, conn)
		useSession(s, fresh)
		if s.internals.IsUp() != c.isUsed || isCurrent(s, fresh) != c.isUsed {
			t.Errorf("%s: it is used: %t", c.what, s.internals.IsUp())
		}
		if !conn.authenticated {
			t.Errorf("%s: the client doesn't count as authenticated", c.what)
		}
	}
}

// When a session has expired, those who wait for its events are told, and it is lost at once.
func TestSessionThatHasExpired(t *testing.T) {
	s, w, of := unconnected(), newToldWatcher(), newToldWatcher()
	conn := clientIn(s)
	tellOf(s, conn, zk.StateHasSession)
	watchOn(t, s, theData, w)
	s.AddSessionWatcher(&of.Watcher)
	tellOf(s, conn, zk.StateExpired)
	w.wants(t, "a node's watcher", 1, zk.EventNotWatching)
	of.wants(t, "the session's watcher", 1, zk.EventSession)
	if s.internals.state != StateLost || len(s.internals.Triggers) > 0 {
		t.Errorf("it is %s, with %d watches", s.internals.state, len(s.internals.Triggers))
	}
	s.DiscardWatcher(&of.Watcher)
	tellOf(s, conn, zk.StateConnecting)
	of.wants(t, "a watcher that was discarded", 1, zk.EventSession)
}
