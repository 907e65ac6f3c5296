package zkserver

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
)

// What a connection is asked and answers, byte by byte: clients hide what the
// server does with those that it doesn't want.

const answerLimit = 10 * time.Second

// connectRequest asks for a new session. The flag is absent in older clients.
func connectRequest(readOnlyFlag ...byte) []byte {
	request := make([]byte, 28, 45)
	binary.BigEndian.PutUint32(request[12:], 10_000) // the session timeout
	binary.BigEndian.PutUint32(request[24:], 16)     // the length of the password
	request = append(request, make([]byte, 16)...)
	return append(request, readOnlyFlag...)
}

// The length of a connect response, whose last byte is the flag.
const connectResponse = 37

func send(t *testing.T, conn net.Conn, packet []byte) {
	t.Helper()
	conn.SetDeadline(time.Now().Add(answerLimit))
	if _, err := conn.Write(fakezk.Packet(packet)); err != nil {
		t.Fatal(err)
	}
}

// dial connects until the end of the test.
func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(answerLimit))
	return conn
}

// open asks for a session, through TLS where there is a configuration for it, and
// tells where that ended.
func open(t *testing.T, addr string, c *tls.Config) error {
	t.Helper()
	conn := dial(t, addr)
	if c != nil {
		secure := tls.Client(conn, c)
		if err := secure.Handshake(); err != nil {
			return fmt.Errorf("handshake: %w", err)
		}
		conn = secure
	}
	conn.Write(fakezk.Packet(connectRequest(0))) // where this fails, the server has said why
	answer, err := fakezk.ReadPacket(conn)
	if err == nil && len(answer) != connectResponse {
		err = fmt.Errorf("% x", answer)
	}
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}
