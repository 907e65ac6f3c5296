// Package relay stands between clients and servers of the tests, and does with
// their connections what it is told: passes them on, refuses them, or makes the
// network between the two a bad one.
package relay

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Relay is a server on a loopback port that can be told at any time to do
// something else with its connections.
type Relay struct {
	listener net.Listener

	mu     sync.Mutex
	serve  func(net.Conn)
	served map[net.Conn]bool
}

// Start starts a relay that ends with the test. A connection lasts as long as
// serve does.
func Start(t testing.TB, serve func(net.Conn)) *Relay {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", serve)
}

// StartAt is Start with an address to listen at.
func StartAt(t testing.TB, addr string, serve func(net.Conn)) *Relay {
	t.Helper()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{listener: listener, serve: serve, served: map[net.Conn]bool{}}
	t.Cleanup(func() {
		listener.Close()
		r.Become(Refuse)
	})
	go r.accept()
	return r
}

// Addr is host:port.
func (r *Relay) Addr() string { return r.listener.Addr().String() }

func (r *Relay) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		serve := r.serve
		r.served[conn] = true
		r.mu.Unlock()
		go func() {
			serve(conn)
			conn.Close()
			r.mu.Lock()
			delete(r.served, conn)
			r.mu.Unlock()
		}()
	}
}

// Become breaks all connections, and serves the next ones in another way.
func (r *Relay) Become(serve func(net.Conn)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.serve = serve
	for conn := range r.served {
		conn.Close()
	}
}

// Refuse is what a server that is down looks like.
func Refuse(net.Conn) {}

// To is the way to another server.
func To(addr string) func(net.Conn) {
	return func(conn net.Conn) {
		to, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer to.Close()
		go func() {
			io.Copy(to, conn)
			to.Close()
			conn.Close()
		}()
		io.Copy(conn, to)
	}
}

// ToAfterBreak is a way to another server that breaks once, when the server has
// sent so many bytes.
func ToAfterBreak(addr string, bytes int64) func(net.Conn) {
	var once sync.Once
	return func(conn net.Conn) {
		breaks := false
		once.Do(func() { breaks = true })
		if !breaks {
			To(addr)(conn)
			return
		}
		to, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer to.Close()
		go io.Copy(to, conn)
		io.CopyN(conn, to, bytes)
	}
}
