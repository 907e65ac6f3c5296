package zkserver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
)

// survivor is what is left of an ensemble.
func survivor(t *testing.T, options ...Option) *Server {
	t.Helper()
	e := StartEnsemble(t, options...)
	a, err := Connect(e.Addr(), func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	a.Put("/node", []byte("value"))
	a.Close()
	e.Servers[0].Kill()
	e.Servers[1].Kill()
	if err := e.Servers[2].AwaitMode("read-only"); err != nil {
		t.Fatal(err)
	}
	return e.Servers[2]
}

// turnsAway checks that a server closes without an answer the connection of a
// client that hasn't said it would be content with reading.
func turnsAway(t *testing.T, s *Server, request []byte) {
	t.Helper()
	conn := dial(t, s.Addr())
	send(t, conn, request)
	if answer, err := fakezk.ReadPacket(conn); !errors.Is(err, io.EOF) {
		t.Errorf("answer % x, %v", answer, err)
	}
}

// The code of ZooKeeper's NotReadOnlyException.
const notReadOnly = -119

func TestSurvivorServesReadOnly(t *testing.T) {
	s := survivor(t, ReadOnly(), Configuration("localSessionsEnabled=true"))
	turnsAway(t, s, connectRequest())
	turnsAway(t, s, connectRequest(0))

	conn := dial(t, s.Addr())
	send(t, conn, connectRequest(1))
	answer, err := fakezk.ReadPacket(conn)
	if err != nil || len(answer) != connectResponse || answer[connectResponse-1] != 1 {
		t.Fatalf("no read-only session: % x, %v", answer, err)
	}
	send(t, conn, []byte("\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00\x05/node\x00")) // request 1, getData
	if answer, err := fakezk.ReadPacket(conn); err != nil || !bytes.Contains(answer, []byte("value")) {
		t.Errorf("read: %q, %v", answer, err)
	}
	send(t, conn, []byte("\x00\x00\x00\x02\x00\x00\x00\x05\x00\x00\x00\x05/node\x00\x00\x00\x00\xff\xff\xff\xff")) // request 2, setData
	if answer, err := fakezk.ReadPacket(conn); err != nil || code(answer) != notReadOnly {
		t.Errorf("written: % x, %v", answer, err)
	}
}

// code is the error code in the answer to a request.
func code(answer []byte) int32 {
	if len(answer) < 16 {
		return 0
	}
	return int32(binary.BigEndian.Uint32(answer[12:]))
}

// A session that all servers share is something to write: without local ones the
// survivor refuses it as it refuses to write, not as a connection is refused.
func TestSurvivorWithoutLocalSessionsAdmitsNobody(t *testing.T) {
	s := survivor(t, ReadOnly())
	turnsAway(t, s, connectRequest(0))
	conn := dial(t, s.Addr())
	send(t, conn, connectRequest(1))
	if answer, err := fakezk.ReadPacket(conn); err != nil || len(answer) != 16 || code(answer) != notReadOnly {
		t.Errorf("answer % x, %v", answer, err)
	}
}
