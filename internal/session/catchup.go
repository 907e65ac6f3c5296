package session

import (
	"fmt"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// A session is used once the credentials were presented in it, and once the server has
// caught up. The server may lag behind the one that was read from before, and values must
// not go back in time. The client sees to that itself, by the last transaction that it saw.
// A client that replaces another one has seen none. After a server that wanted other
// credentials, a session is used once the server has answered in it.

// admit has a session used, at once or as soon as it is prepared. It is called with the lock
// held, in the client's goroutine.
func admit(in *Internals, conn *Connection, e zk.Event) {
	fresh := candidateIn(in, conn, e)
	if fresh.lacksCredentials || fresh.mayLag {
		go prepareSession(sessionOf(in), fresh)
		return
	}
	in.noteUp(conn, e)
}

// A candidate is a session at a server that isn't used yet.
type candidate struct {
	connection       *Connection
	event            zk.Event
	period           int  // the connection's, when it came to the server
	lacksCredentials bool // the credentials are to be presented
	mayLag           bool // the server is to catch up
}

// candidateIn is the session that a connection has at a server, with what is to be done first.
func candidateIn(in *Internals, conn *Connection, e zk.Event) *candidate {
	return &candidate{
		connection: conn, event: e, period: conn.Period,
		lacksCredentials: conn.Settings.Credentials != nil && !conn.authenticated,
		mayLag:           in.id != 0 && conn.unaware || in.log.IsDismissed(),
	}
}

// prepareSession makes a session usable. What keeps it from that is logged. It is tried
// again for as long as the session is at the same server.
func prepareSession(s *Session, fresh *candidate) {
	guard.Retry("cluster "+s.Name+": new session", func() {
		err := presentAndCatchUp(s, fresh)
		if err == nil {
			useSession(s, fresh)
			return
		}
		if isCurrent(s, fresh) {
			if !ensemble.IsDismissal(err) { // the client logs that one itself, with a remedy
				s.log.Report(err.Error())
			}
			detachedPrepareSessionLater(s, fresh)
		}
	})
}

func prepareSessionLater(s *Session, fresh *candidate) {
	guard.After(preparationPause, "cluster "+s.Name+": new session", func() { prepareSession(s, fresh) })
}

// preparationPause is the pause before it is tried again to make a session usable.
const preparationPause = 10 * time.Second

func presentAndCatchUp(s *Session, fresh *candidate) error {
	if fresh.lacksCredentials {
		err := presentCredentials(s, fresh.connection)
		if err != nil {
			return err
		}
	}
	if !fresh.mayLag {
		return nil
	}
	_, err := fresh.connection.Client.Sync("/")
	if err != nil && ensemble.IsDismissal(err) {
		return err
	}
	if err != nil {
		return fmt.Errorf("nothing is read from %s, which can't say whether it lags behind: %w", fresh.event.Server, err)
	}
	return nil
}

// isCurrent tells whether the client is at the same server as when the session came.
func isCurrent(s *Session, fresh *candidate) bool {
	in := Lock(s)
	defer s.Mu.Unlock()
	return isCurrentLocked(in, fresh)
}

func isCurrentLocked(in *Internals, fresh *candidate) bool {
	return fresh.connection == in.Connection && fresh.connection.Period == fresh.period && !in.Closed
}

// useSession has a session used that is prepared, unless it is gone meanwhile.
func useSession(s *Session, fresh *candidate) {
	in := Lock(s)
	defer Unlock(s)
	fresh.connection.authenticated = true
	if isCurrentLocked(in, fresh) {
		in.noteUp(fresh.connection, fresh.event)
	}
}
