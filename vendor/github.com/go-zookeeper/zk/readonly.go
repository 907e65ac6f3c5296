package zk

import (
	"fmt"
	"io"
	"net"
	"time"
)

// A server that is cut off from the others may serve clients that are content
// with reading. This client always is. Its state at such a server is
// StateConnectedReadOnly where it is StateHasSession elsewhere, and it looks for
// a server that takes writes. Once it has found one it moves there, and sets its
// watches again as after any other reconnect.
//
// A session that such a server has made is unknown to the others. It isn't asked
// for again: after it comes a new session, without StateExpired. A session from
// before is always asked for; only servers can tell that it has expired.

// All clients of a server that is cut off ask the others: seldom enough that it
// is no load, and often enough that nobody reads old values for long.
const longestSearchPause = 10 * time.Second

// askedSession is the session that the client wants back, 0 for a new one.
func (c *Conn) askedSession() int64 {
	if c.sessionReadOnly {
		return 0
	}
	return c.SessionID()
}

// admitted notes a session, whether it is another than was asked for, and
// whether its server takes no writes.
func (c *Conn) admitted(another, readOnly bool) {
	c.sessionReadOnly = another && readOnly
	if readOnly {
		c.setState(StateConnectedReadOnly)
		return
	}
	c.endSearch()
	c.setState(StateHasSession)
}

// refusal is the error of a read-only server that can't make sessions, because
// its ensemble has no local ones (localSessionsEnabled). It answers as to any
// other request. Nil where this is no such answer.
func refusal(answer []byte) error {
	if len(answer) != responseHeaderSize {
		return nil
	}
	header := responseHeader{}
	if _, err := decodePacket(answer, &header); err != nil || header.Err == 0 {
		return err
	}
	return fmt.Errorf("zk: no session: %w", header.Err.toError())
}

// nextServer returns the server to connect to, and whether all were tried: the
// one that the search has found comes first.
func (c *Conn) nextServer() (string, bool) {
	c.hostMu.Lock()
	defer c.hostMu.Unlock()
	if c.foundServer != "" {
		found := c.foundServer
		c.foundServer = ""
		return found, false
	}
	server, retryStart := c.hostProvider.Next()
	return server, retryStart
}

// search looks for a server that takes writes until the connection ends, which
// it does when there is one. It may outlast the connection by one question.
func (c *Conn) search(conn net.Conn, closeChan chan struct{}) {
	defer func() { recover() }()

	for !isClosed(closeChan) {
		err := guarded(func() error {
			if c.searchOnce(closeChan) {
				return conn.Close()
			}
			return nil
		})
		if err != nil {
			c.logger.Printf("search for a server that takes writes: %v", err)
		}
	}
}

// searchOnce asks one server, after a pause, and tells whether it takes writes.
// It may well be the one that the client is connected to: names can stand for
// several servers.
func (c *Conn) searchOnce(closeChan chan struct{}) bool {
	server, pause := c.nextCandidate(closeChan)
	if chosen, _ := receiveFirst(closeChan, time.After(pause)); chosen == 0 {
		return false
	}
	return c.takesWrites(server) && c.leaveFor(server, closeChan)
}

// nextCandidate returns a server to ask, and when. Pauses grow from one search
// to the next as well, until there is a session that takes writes: a server may
// say that it does and then admit nobody.
func (c *Conn) nextCandidate(closeChan chan struct{}) (string, time.Duration) {
	c.hostMu.Lock()
	defer c.hostMu.Unlock()
	if isClosed(closeChan) { // the next connection uses the provider
		return "", 0
	}
	pause := c.searches.begin(longestSearchPause)
	server, _ := c.hostProvider.Next()
	return server, pause
}

// takesWrites asks a server with a four-letter word, which servers answer and
// hang up.
func (c *Conn) takesWrites(server string) bool {
	conn, err := c.dialer("tcp", server, c.connectTimeout)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(c.connectTimeout))
	if _, err := conn.Write([]byte("isro")); err != nil {
		return false
	}
	answer := make([]byte, 2)
	_, err = io.ReadFull(conn, answer)
	return err == nil && string(answer) == "rw"
}

func (c *Conn) leaveFor(server string, closeChan chan struct{}) bool {
	c.hostMu.Lock()
	defer c.hostMu.Unlock()
	if isClosed(closeChan) {
		return false
	}
	if c.logInfo {
		c.logger.Printf("%s takes writes, leaving %s", server, c.Server())
	}
	c.foundServer = server
	return true
}

func (c *Conn) endSearch() {
	c.hostMu.Lock()
	defer c.hostMu.Unlock()
	c.searches = pauses{}
}
