package session

import (
	"fmt"
	"net"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// A password in a file may be changed while a session is used. Each connection to a
// server begins with what the file has at the time. In between the file is looked at. What
// is new in it is presented in the session that there is, so that nothing known is lost.
// Then all nodes are read again.

const (
	// fileCheckEvery is how often a file is looked at. ZooKeeper is not asked for anything.
	fileCheckEvery = 3 * time.Second
	// soonestFileCheck is the shortest time between two looks, where a node can't be read.
	soonestFileCheck = time.Second
)

// A presenter is a client whose credentials can be replaced: those that were presented or
// set before, and none that others have added. Upstream's client can only add some.
type presenter interface {
	PresentAuth(scheme string, auth []byte) error
	SetAuth(scheme string, auth []byte)
}

// presenterOf is nil for a client whose credentials can't be replaced.
func presenterOf(client *zk.Conn) presenter {
	able, isAble := asAnyClient(client).(presenter)
	if !isAble {
		return nil
	}
	return able
}

const digestScheme = "digest"

// currentDigest is what is to be presented now. Where the file or variable has no password
// any more, as while it is being replaced, that is what it had before. What a connection
// has presented that was replaced is kept for no other one.
func currentDigest(s *Session, conn *Connection) ([]byte, error) {
	fresh, err := conn.Settings.Credentials.Digest()
	in := Lock(s)
	defer s.Mu.Unlock()
	isInForce := conn.Settings.Credentials.ID() == in.settings.Credentials.ID()
	if err == nil && isInForce {
		in.digest = fresh
		in.digestProblem = ""
	}
	if err == nil {
		return fresh, nil
	}
	if in.digest == nil || !isInForce {
		return nil, fmt.Errorf("clusters.%s.%w", s.Name, err)
	}
	if in.digestProblem != err.Error() {
		in.digestProblem = err.Error()
		log.Cluster(log.LevelError, s.Name, "clusters.%s.%s: the password that was there before is used on", s.Name, in.digestProblem)
	}
	return in.digest, nil
}

// presentCredentials presents the credentials to the server. The client presents them by
// itself from then on.
func presentCredentials(s *Session, conn *Connection) error {
	digest, err := currentDigest(s, conn)
	if err != nil {
		return err
	}
	return presentDigest(s, conn, digest)
}

// presentDigest presents credentials, and has the client present them, in the place of those
// before, whenever it connects.
func presentDigest(s *Session, conn *Connection, digest []byte) error {
	err := presentTo(conn.Client, digest)
	if err != nil {
		return fmt.Errorf("the credentials of %s: %w", conn.Settings.Credentials.Username, err)
	}
	s.Mu.Lock()
	defer s.Mu.Unlock()
	conn.presented = digest
	return nil
}

func presentTo(client *zk.Conn, digest []byte) error {
	able := presenterOf(client)
	if able != nil {
		return able.PresentAuth(digestScheme, digest)
	}
	return client.AddAuth(digestScheme, digest)
}

// refreshCredentials has the next connection begin with what the file or variable has
// now. It is called before each of a client's connections.
func refreshCredentials(s *Session, conn *Connection) {
	client := authenticatedClient(s, conn)
	if client == nil {
		return
	}
	able := presenterOf(client)
	digest, err := currentDigest(s, conn)
	if able != nil && err == nil {
		able.SetAuth(digestScheme, digest)
	}
}

// dialerFor makes what connects a client to a server. What files have at the time counts for
// the connection.
func dialerFor(s *Session, conn *Connection) zk.Dialer {
	return func(_, address string, _ time.Duration) (net.Conn, error) {
		refreshCredentials(s, conn)
		return conn.Settings.Dial(address)
	}
}

// authenticatedClient is nil where the client has no credentials yet, or needs none.
func authenticatedClient(s *Session, conn *Connection) *zk.Conn {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	if conn.Settings.Credentials == nil || !conn.authenticated {
		return nil
	}
	return conn.Client
}

// checkFileLater looks at the file after a while, again and again as long as the settings
// have one.
func checkFileLater(in *Internals) {
	s := sessionOf(in)
	in.fileTimer = guard.After(fileCheckEvery, "cluster "+s.Name+": password file", func() {
		checkFile(s)
		in := Lock(s)
		defer s.Mu.Unlock()
		in.fileTimer = nil
		if !in.Closed && in.settings.HasPasswordFile() {
			detachedCheckFileLater(in)
		}
	})
}

// checkFile presents what is new in the file.
func checkFile(s *Session) {
	conn, presented := connectionToCheck(s)
	if conn == nil {
		return
	}
	digest, err := currentDigest(s, conn)
	if err != nil || string(digest) == string(presented) {
		return
	}
	err = presentDigest(s, conn, digest)
	if err != nil {
		s.log.Report(err.Error()) // the next connection begins with them
		return
	}
	log.Cluster(log.LevelInfo, s.Name, "the credentials of %s have changed and are presented anew", conn.Settings.Credentials.Username)
	in := Lock(s)
	defer Unlock(s)
	in.callbacks.CredentialsChanged()
}

// connectionToCheck is the connection that has a session, and what was presented in it. The
// connection is nil where there is no session, or one without credentials.
func connectionToCheck(s *Session) (*Connection, []byte) {
	in := Lock(s)
	defer s.Mu.Unlock()
	in.fileChecked = time.Now()
	conn := in.Connection
	if in.Closed || !in.IsUp() || !conn.authenticated {
		return nil, nil
	}
	return conn, conn.presented
}

// CheckCredentials has the password file looked at soon, unless that was done a moment ago.
// It is called where a node may not be read. The lock must not be held.
func CheckCredentials(s *Session) {
	in := Lock(s)
	defer s.Mu.Unlock()
	if !in.Closed && in.settings.HasPasswordFile() && time.Since(in.fileChecked) > soonestFileCheck {
		in.fileChecked = time.Now()
		guard.After(0, "cluster "+s.Name+": password file", func() { checkFile(s) })
	}
}
