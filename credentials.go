package zookeeper

import (
	"fmt"
	"net"
	"time"

	"github.com/go-zookeeper/zk"
)

// A password in a file may be changed while a session is used. Each connection to a
// server begins with what the file has at the time, and in between the file is looked
// at: what is new in it is presented in the session that there is, which keeps what is
// known, and all is read again.

const (
	// credentialsEvery is how often a file is looked at. ZooKeeper is asked nothing.
	credentialsEvery = 3 * time.Second
	// credentialsAgain is how soon after that at the earliest, where a node can't be read.
	credentialsAgain = time.Second
)

// A presenter is a client whose credentials can be replaced; upstream's only adds some.
type presenter interface {
	SetAuth(scheme string, auth []byte)
}

// presenterOf is nil for a client that can't.
func presenterOf(client *zk.Conn) presenter {
	able, isAble := asReader(client).(presenter)
	if !isAble {
		return nil
	}
	return able
}

const digestScheme = "digest"

// digestNow is what is to be presented now. Where the file or variable has no password
// any more, as while it is being replaced, that is what it had before. What a connection
// that was replaced presents is no other one's.
func digestNow(s *session, c *connection) ([]byte, error) {
	fresh, err := c.settings.credentials.digest()
	h := lockSession(s)
	defer s.mu.Unlock()
	isInForce := c.settings.credentials.id() == h.settings.credentials.id()
	if err == nil && isInForce {
		h.digest = fresh
		h.lacking = ""
	}
	if err == nil {
		return fresh, nil
	}
	if h.digest == nil || !isInForce {
		return nil, fmt.Errorf("clusters.%s.%w", s.name, err)
	}
	if h.lacking != err.Error() {
		h.lacking = err.Error()
		logCluster(levelError, s.name, "clusters.%s.%s: the password that was there before is used on", s.name, h.lacking)
	}
	return h.digest, nil
}

// prove presents the credentials to the server. The client presents them by itself
// from then on.
func prove(s *session, c *connection) error {
	digest, err := digestNow(s, c)
	if err != nil {
		return err
	}
	return presentTo(s, c, digest)
}

func presentTo(s *session, c *connection, digest []byte) error {
	err := c.client.AddAuth(digestScheme, digest)
	if err != nil {
		return fmt.Errorf("the credentials of %s: %w", c.settings.credentials.username, err)
	}
	able := presenterOf(c.client)
	if able != nil {
		able.SetAuth(digestScheme, digest) // and not those from before as well
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.presented = digest
	return nil
}

// renewCredentials has the next connection begin with what the file or variable has
// now. It is called before each of a client's connections.
func renewCredentials(s *session, c *connection) {
	client := provenClient(s, c)
	if client == nil {
		return
	}
	able := presenterOf(client)
	digest, err := digestNow(s, c)
	if able != nil && err == nil {
		able.SetAuth(digestScheme, digest)
	}
}

// dialerFor connects a client. What files have at the time counts for the connection.
func dialerFor(s *session, c *connection) zk.Dialer {
	return func(_, address string, _ time.Duration) (net.Conn, error) {
		renewCredentials(s, c)
		return c.settings.dial(address)
	}
}

// provenClient is nil where the client has no credentials yet, or needs none.
func provenClient(s *session, c *connection) *zk.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.settings.credentials == nil || !c.proven {
		return nil
	}
	return c.client
}

// rotateLater looks at the file after a while, again and again as long as
// the settings have one.
func rotateLater(h *held) {
	s := sessionOf(h)
	h.rotating = after(credentialsEvery, "cluster "+s.name+": password file", func() {
		rotateCredentials(s)
		h := lockSession(s)
		defer s.mu.Unlock()
		h.rotating = nil
		if !h.closed && h.settings.hasPasswordFile() {
			detachedRotateLater(h)
		}
	})
}

// rotateCredentials presents what is new in the file.
func rotateCredentials(s *session) {
	c, presented := toCheck(s)
	if c == nil {
		return
	}
	digest, err := digestNow(s, c)
	if err != nil || string(digest) == string(presented) {
		return
	}
	err = presentTo(s, c, digest)
	if err != nil {
		s.log.report(err.Error()) // the next connection begins with them
		return
	}
	logCluster(levelInfo, s.name, "the credentials of %s have changed and are presented anew", c.settings.credentials.username)
	s.mu.Lock()
	defer unlockSession(s)
	s.above.identified()
}

// toCheck is the connection that has a session, and what was presented in it; nil where
// there is none.
func toCheck(s *session) (*connection, []byte) {
	h := lockSession(s)
	defer s.mu.Unlock()
	h.checked = time.Now()
	c := h.connection
	if h.closed || !h.up() || !c.proven {
		return nil, nil
	}
	return c, c.presented
}
