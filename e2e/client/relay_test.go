package client

import (
	"io"
	"net"
	"sync"
	"testing"
)

// relay is a server on a loopback port that does with its connections what it
// is told, and can be told otherwise at any time.
type relay struct {
	listener net.Listener

	mu     sync.Mutex
	serve  func(net.Conn)
	served map[net.Conn]bool
}

// newRelay starts a relay that ends with the test.
func newRelay(t *testing.T, serve func(net.Conn)) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, serve: serve, served: map[net.Conn]bool{}}
	t.Cleanup(func() {
		listener.Close()
		r.become(refuse)
	})
	go r.accept()
	return r
}

func (r *relay) addr() string { return r.listener.Addr().String() }

func (r *relay) accept() {
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

// become breaks all connections, and serves the next ones in another way.
func (r *relay) become(serve func(net.Conn)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.serve = serve
	for conn := range r.served {
		conn.Close()
	}
}

// refuse is what a server that is down looks like.
func refuse(net.Conn) {}

// forwardTo makes a relay a way to another server.
func forwardTo(addr string) func(net.Conn) {
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

// forwardAfterBreak is a way to another server that breaks once, when the server
// has sent so many bytes.
func forwardAfterBreak(addr string, bytes int64) func(net.Conn) {
	var once sync.Once
	return func(conn net.Conn) {
		breaks := false
		once.Do(func() { breaks = true })
		if !breaks {
			forwardTo(addr)(conn)
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
