package zkserver

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
)

// Admin changes the nodes of a server for tests and the demo.
type Admin struct {
	Conn *zk.Conn
	fail func(error)
}

// Client connects to the server, until the end of the test. What goes wrong
// fails the test.
func (s *Server) Client(t testing.TB) *Admin {
	t.Helper()
	admin, err := Connect(s.Addr(), func(err error) { t.Helper(); t.Fatal(err) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	return admin
}

// Connect connects to the servers of a connection string; fail is called with
// what goes wrong.
func Connect(addr string, fail func(error)) (*Admin, error) {
	return ConnectWithin(addr, 30*time.Second, fail)
}

// ConnectWithin is Connect with another session timeout. Two thirds of it are how
// long a server may be silent before the next one is tried.
func ConnectWithin(addr string, timeout time.Duration, fail func(error)) (*Admin, error) {
	conn, _, err := zk.Connect(strings.Split(addr, ","), timeout, zk.WithLogger(silent{}))
	if err != nil {
		return nil, err
	}
	return &Admin{Conn: conn, fail: fail}, nil
}

// Close ends the session.
func (a *Admin) Close() { a.Conn.Close() }

type silent struct{}

func (silent) Printf(string, ...any) {}

// Authenticate makes the session that of a user too.
func (a *Admin) Authenticate(user, password string) {
	_, err := retried(func() (bool, error) { return true, a.Conn.AddAuth("digest", []byte(user+":"+password)) })
	if err != nil {
		a.fail(fmt.Errorf("authenticate as %s: %w", user, err))
	}
}

// Put sets a node, and creates it and its parents where they are missing.
func (a *Admin) Put(node string, data []byte) {
	if err := a.put(node, data, zk.WorldACL(zk.PermAll)); err != nil {
		a.fail(fmt.Errorf("put %s: %w", node, err))
	}
}

// PutACL is Put with a say in who may do what with the node, zk.DigestACL for
// instance. The data is at no time there with an ACL it had before.
func (a *Admin) PutACL(node string, data []byte, acl []zk.ACL) {
	_, err := retried(func() (*zk.Stat, error) { return a.Conn.SetACL(node, acl, -1) })
	if err == nil || errors.Is(err, zk.ErrNoNode) {
		err = a.put(node, data, acl)
	}
	if err != nil {
		a.fail(fmt.Errorf("put %s with an ACL: %w", node, err))
	}
}

func (a *Admin) put(node string, data []byte, acl []zk.ACL) error {
	_, err := retried(func() (*zk.Stat, error) { return a.Conn.Set(node, data, -1) })
	if !errors.Is(err, zk.ErrNoNode) {
		return err
	}
	_, err = retried(func() (string, error) { return a.Conn.Create(node, data, 0, acl) })
	if errors.Is(err, zk.ErrNoNode) {
		if err := a.put(path.Dir(node), nil, zk.WorldACL(zk.PermAll)); err != nil {
			return err
		}
		return a.put(node, data, acl)
	}
	if errors.Is(err, zk.ErrNodeExists) {
		return nil
	}
	return err
}

// Delete deletes a node and all below it; one that is missing is no mistake.
func (a *Admin) Delete(node string) {
	children, err := retried(func() ([]string, error) { names, _, err := a.Conn.Children(node); return names, err })
	if errors.Is(err, zk.ErrNoNode) {
		return
	}
	for _, child := range children {
		a.Delete(path.Join(node, child))
	}
	if err == nil {
		_, err = retried(func() (bool, error) { return true, a.Conn.Delete(node, -1) })
	}
	if err != nil && !errors.Is(err, zk.ErrNoNode) {
		a.fail(fmt.Errorf("delete %s: %w", node, err))
	}
}

// retried does an operation again while the server is away: each one here can
// be done twice.
func retried[T any](operation func() (T, error)) (T, error) {
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		result, err := operation()
		away := errors.Is(err, zk.ErrConnectionClosed) || errors.Is(err, zk.ErrNoServer) || errors.Is(err, zk.ErrSessionExpired)
		if !away || time.Now().After(deadline) {
			return result, err
		}
	}
}
