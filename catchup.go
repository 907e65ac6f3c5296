package zookeeper

import (
	"fmt"
	"time"

	"github.com/go-zookeeper/zk"
)

// A session is used when the credentials were presented in it and the server has
// caught up: it may lag behind the one that was read from before, and values must
// not go back in time. The client sees to that itself, by the last transaction that
// it saw. One that replaces another has seen none. After a server that wanted other
// credentials, a session is used when the server has answered in it.

// admit notes a session, which is used at once or once it is prepared.
func admit(h *held, c *connection, e zk.Event) {
	arrival := &arrival{
		connection: c, event: e, visit: c.visit,
		prove:   c.settings.credentials != nil && !c.proven,
		catchUp: h.id != 0 && c.unaware || h.log.isDismissed(),
	}
	if arrival.prove || arrival.catchUp {
		go prepare(sessionOf(h), arrival)
		return
	}
	h.cameUp(c, e)
}

// An arrival is a session at a server, before it is used.
type arrival struct {
	connection *connection
	event      zk.Event
	visit      int
	prove      bool // the credentials are to be presented
	catchUp    bool // the server is to catch up
}

// prepare makes a session usable. What keeps it from that is logged, and tried
// again for as long as the session is at the same server.
func prepare(s *session, a *arrival) {
	insist("cluster "+s.name+": new session", func() {
		err := prepared(s, a)
		if err == nil {
			goOn(s, a)
			return
		}
		if isAt(s, a) {
			if !isDismissal(err) { // which the client tells, with what helps
				s.log.report(err.Error())
			}
			detachedPrepareLater(s, a)
		}
	})
}

func prepareLater(s *session, a *arrival) {
	after(lastAttempt, "cluster "+s.name+": new session", func() { prepare(s, a) })
}

// lastAttempt is the pause before a session is tried to be made usable again.
const lastAttempt = 10 * time.Second

func prepared(s *session, a *arrival) error {
	if a.prove {
		err := prove(s, a.connection)
		if err != nil {
			return err
		}
	}
	if !a.catchUp {
		return nil
	}
	_, err := a.connection.client.Sync("/")
	if err != nil && isDismissal(err) {
		return err
	}
	if err != nil {
		return fmt.Errorf("nothing is read from %s, which can't say whether it lags behind: %w", a.event.Server, err)
	}
	return nil
}

// isAt tells whether a connection still is at the server that it was at.
func isAt(s *session, a *arrival) bool {
	h := lockSession(s)
	defer s.mu.Unlock()
	return stays(h, a)
}

func stays(h *held, a *arrival) bool {
	return a.connection == h.connection && a.connection.visit == a.visit && !h.closed
}

// goOn uses a session, where it is still the same.
func goOn(s *session, a *arrival) {
	h := lockSession(s)
	defer unlockSession(s)
	a.connection.proven = true
	if stays(h, a) {
		h.cameUp(a.connection, a.event)
	}
}
