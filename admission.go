package zookeeper

import (
	"fmt"

	"github.com/go-zookeeper/zk"
)

// A session is used when the credentials were presented in it and the server has
// caught up: it may lag behind the one that was read from before, and values must
// not go back in time. The client sees to that itself, by the last transaction that
// it saw. One that replaces another has seen none. After a server that wanted other
// credentials, a session is used when the server has answered in it.

// admitted notes a session; p.mu is held.
func (p *pool) admitted(c *connection, e zk.Event) []*listener {
	prove := c.settings.credentials != nil && !c.proven
	catchUp := p.sessionID != 0 && c.unaware || p.log.isDismissed()
	if prove || catchUp {
		go prepare(p, c, e, c.visit, prove, catchUp)
		return nil
	}
	return p.cameUp(c, e)
}

// prepare makes a session usable. What keeps it from that is logged, and tried
// again for as long as the session is at the same server.
func prepare(p *pool, c *connection, e zk.Event, visit int, prove, catchUp bool) {
	insist("cluster "+p.name+": new session", func() {
		err := p.prepared(c, e.Server, prove, catchUp)
		if err == nil {
			tell(p.goOn(c, e, visit))
			return
		}
		if p.isAt(c, visit) {
			if !isDismissal(err) { // which the client tells, with what helps
				p.log.report(err.Error())
			}
			detachedPrepareLater(p, c, e, visit, prove, catchUp)
		}
	})
}

func prepareLater(p *pool, c *connection, e zk.Event, visit int, prove, catchUp bool) {
	after(lastRetry, "cluster "+p.name+": new session", func() { prepare(p, c, e, visit, prove, catchUp) })
}

func (p *pool) prepared(c *connection, server string, prove, catchUp bool) error {
	if prove {
		err := p.prove(c)
		if err != nil {
			return err
		}
	}
	if !catchUp {
		return nil
	}
	_, err := c.client.Sync("/")
	if err != nil && isDismissal(err) {
		return err
	}
	if err != nil {
		return fmt.Errorf("nothing is read from %s, which can't say whether it lags behind: %w", server, err)
	}
	return nil
}

// isAt tells whether a connection still is at the server that it was at.
func (p *pool) isAt(c *connection, visit int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.remains(c, visit)
}

// remains is isAt with p.mu held.
func (p *pool) remains(c *connection, visit int) bool {
	return c == p.connection && c.visit == visit && !p.closed
}

// goOn uses a session, where it is still the same.
func (p *pool) goOn(c *connection, e zk.Event, visit int) []*listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.proven = true
	if !p.remains(c, visit) {
		return nil
	}
	return p.cameUp(c, e)
}
