package store

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// connectedStore is a store with a session at a server that answers nothing else.
func connectedStore(t *testing.T) *Store {
	t.Helper()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go grantSessions(server)
	st := New(session.New("connected", &ensemble.Settings{Servers: []string{server.Addr().String()}, SessionTimeout: time.Minute}))
	t.Cleanup(st.Session.Close)
	lock(st).session.Start()
	unlock(st)
	for began := time.Now(); !isUp(st); time.Sleep(time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("there is no session")
		}
	}
	return st
}

func isUp(st *Store) bool {
	all := lock(st)
	defer unlock(st)
	return all.session.IsUp()
}

// grantSessions gives each client a session, and reads on until it closes its connection.
func grantSessions(server net.Listener) {
	for {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		go grantSession(conn)
	}
}

// grantSession answers the request for a session: with the protocol's version, the timeout
// in milliseconds, the session's number, and a password of 16 bytes.
func grantSession(conn net.Conn) {
	defer conn.Close()
	const length = 4 + 4 + 8 + 4 + 16
	answer := binary.BigEndian.AppendUint32(nil, length)
	answer = binary.BigEndian.AppendUint32(answer, 0)
	answer = binary.BigEndian.AppendUint32(answer, 60_000)
	answer = binary.BigEndian.AppendUint64(answer, 0x10)
	answer = binary.BigEndian.AppendUint32(answer, 16)
	answer = append(answer, make([]byte, 16)...)
	size := make([]byte, 4)
	if _, err := io.ReadFull(conn, size); err != nil {
		return
	}
	if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(size))); err != nil {
		return
	}
	if _, err := conn.Write(answer); err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, conn)
}
