package zookeeper

import (
	"fmt"
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
func (p *pool) digestNow(c *connection) ([]byte, error) {
	fresh, err := c.settings.credentials.digest()
	p.mu.Lock()
	defer p.mu.Unlock()
	isInForce := c.settings.credentials.id() == p.settings.credentials.id()
	if err == nil && isInForce {
		p.digest = fresh
		p.lacking = ""
	}
	if err == nil {
		return fresh, nil
	}
	if p.digest == nil || !isInForce {
		return nil, fmt.Errorf("clusters.%s.%w", p.name, err)
	}
	if p.lacking != err.Error() {
		p.lacking = err.Error()
		logCluster(levelError, p.name, "clusters.%s.%s: the password that was there before is used on", p.name, p.lacking)
	}
	return p.digest, nil
}

// prove presents the credentials to the server. The client presents them by itself
// from then on.
func (p *pool) prove(c *connection) error {
	digest, err := p.digestNow(c)
	if err != nil {
		return err
	}
	return p.present(c, digest)
}

func (p *pool) present(c *connection, digest []byte) error {
	err := c.client.AddAuth(digestScheme, digest)
	if err != nil {
		return fmt.Errorf("the credentials of %s: %w", c.settings.credentials.username, err)
	}
	able := presenterOf(c.client)
	if able != nil {
		able.SetAuth(digestScheme, digest) // and not those from before as well
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.presented = digest
	return nil
}

// renewCredentials has the next connection begin with what the file or variable has
// now. It is called before each of a client's connections.
func (p *pool) renewCredentials(c *connection) {
	client := p.provenClient(c)
	if client == nil {
		return
	}
	able := presenterOf(client)
	digest, err := p.digestNow(c)
	if able != nil && err == nil {
		able.SetAuth(digestScheme, digest)
	}
}

// provenClient is nil where the client has no credentials yet, or needs none.
func (p *pool) provenClient(c *connection) *zk.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.settings.credentials == nil || !c.proven {
		return nil
	}
	return c.client
}

// hasPasswordFile tells whether there is a file to look at.
func (s *settings) hasPasswordFile() bool { return s.credentials != nil && s.credentials.file != "" }

// checkCredentialsLater looks at the file after a while, again and again as long as
// the settings have one; p.mu is held.
func checkCredentialsLater(p *pool) {
	p.rotating = after(credentialsEvery, "cluster "+p.name+": password file", func() {
		p.checkCredentials()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.rotating = nil
		if !p.closed && p.settings.hasPasswordFile() {
			detachedCheckCredentials(p)
		}
	})
}

// checkCredentials presents what is new in the file.
func (p *pool) checkCredentials() {
	c, presented := p.toCheck()
	if c == nil {
		return
	}
	digest, err := p.digestNow(c)
	if err != nil || string(digest) == string(presented) {
		return
	}
	err = p.present(c, digest)
	if err != nil {
		p.log.report(err.Error()) // the next connection begins with them
		return
	}
	logCluster(levelInfo, p.name, "the credentials of %s have changed and are presented anew", c.settings.credentials.username)
	p.rereadAll()
}

// toCheck is the connection that has a session, and what was presented in it; nil where
// there is none.
func (p *pool) toCheck() (*connection, []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.checked = time.Now()
	c := p.connection
	if p.closed || !p.up() || !c.proven {
		return nil, nil
	}
	return c, c.presented
}

// suspectCredentials looks at the file soon, since a node may not be read.
func (p *pool) suspectCredentials() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed && p.settings.hasPasswordFile() && time.Since(p.checked) > credentialsAgain {
		p.checked = time.Now()
		after(0, "cluster "+p.name+": password file", p.checkCredentials)
	}
}

// rereadAll reads as another user what was read before: also what was readable, since
// changes that the former one was not to see have spent their watches silently.
func (p *pool) rereadAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.allNodes()
	for _, n := range all {
		n.audited = n.content != nil
	}
	p.enqueue(all...)
	for _, t := range p.roots {
		t.root()
	}
}
