package api

import (
	"io"
	"net"
	"sync"
	"testing"
)

// way leads to a server, and can be cut.
type way struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	isCut bool
	conns []net.Conn
}

func newWay(t *testing.T, to string) *way {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &way{listener: listener, to: to}
	t.Cleanup(func() {
		listener.Close()
		w.cut(true)
	})
	go w.accept()
	return w
}

func (w *way) addr() string { return w.listener.Addr().String() }

func (w *way) accept() {
	for {
		conn, err := w.listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", w.to)
		if err != nil || !w.keep(conn, to) {
			conn.Close()
			continue
		}
		go forward(conn, to)
		go forward(to, conn)
	}
}

func forward(from, to net.Conn) {
	io.Copy(to, from)
	from.Close()
	to.Close()
}

// keep notes connections, and tells whether they may be.
func (w *way) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(w.conns, conns...)
	if w.isCut {
		for _, conn := range conns {
			conn.Close()
		}
	}
	return !w.isCut
}

// cut breaks all connections and lets none through, until it is called with false.
func (w *way) cut(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = cut
	for _, conn := range w.conns {
		conn.Close()
	}
	w.conns = nil
}
