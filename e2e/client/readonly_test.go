package client

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var readOnlyTests = []struct {
	name string
	test func(t *testing.T, mode string)
}{
	{"EnsembleWithLocalSessions", func(t *testing.T, mode string) {
		cutOff(t, mode, "ReadOnly", zkserver.ReadOnly(), zkserver.Configuration("localSessionsEnabled=true"))
	}},
	{"EnsembleWithoutLocalSessions", func(t *testing.T, mode string) {
		cutOff(t, mode, "KeepsSession", zkserver.ReadOnly())
	}},
	{"ServerThatStaysReadOnly", staysReadOnly},
}

func TestReadOnlyCompiled(t *testing.T) { testReadOnly(t, compiled) }

func TestReadOnlyInterpreted(t *testing.T) { testReadOnly(t, interpreted) }

func testReadOnly(t *testing.T, mode string) {
	for _, r := range readOnlyTests {
		t.Run(r.name, func(t *testing.T) { r.test(t, mode) })
	}
}

type cutOffFunction = func(addrs []string, cut, restore func()) string

// cutOff kills two servers of three, and starts them again.
func cutOff(t *testing.T, mode, name string, options ...zkserver.Option) {
	inMode(t, mode, name, func(t *testing.T, use cutOffFunction) {
		e := zkserver.StartEnsemble(t, options...)
		var addrs []string
		for _, s := range e.Servers {
			addrs = append(addrs, s.Addr())
		}
		cut := func() {
			e.Servers[0].Kill()
			e.Servers[1].Kill()
			if err := e.Servers[2].AwaitMode("read-only"); err != nil {
				t.Error(err)
			}
		}
		restore := func() {
			for _, s := range e.Servers[:2] {
				if err := s.Start(); err != nil {
					t.Error(err)
				}
			}
		}
		if problem := use(addrs, cut, restore); problem != "" {
			t.Error(problem)
		}
	})
}

// staysReadOnly stands for an ensemble whose servers don't reach each other,
// while the client reaches them all.
func staysReadOnly(t *testing.T, mode string) {
	inMode(t, mode, "Moves", func(t *testing.T, moves cutOffFunction) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		cut := func() { way.Become(relay.Refuse) }
		restore := func() { way.Become(relay.To(server.Addr())) }
		alone := relay.Start(t, readOnly)
		if problem := moves([]string{way.Addr(), alone.Addr()}, cut, restore); problem != "" {
			t.Error(problem)
		}
	})
}

// readOnly is a server that takes no writes. It grants any session that is asked
// for, as servers of some versions do with those that they know.
func readOnly(conn net.Conn) {
	word := make([]byte, 4)
	if _, err := io.ReadFull(conn, word); err != nil {
		return
	}
	if string(word) == "isro" {
		conn.Write([]byte("ro"))
		return
	}
	asked := make([]byte, binary.BigEndian.Uint32(word))
	if _, err := io.ReadFull(conn, asked); err != nil || asked[len(asked)-1] != 1 {
		return // the client hasn't said that it would do with reading
	}
	const place = 4 + 8 + 4 // behind the version, the last zxid, the timeout
	id, rest := asked[place:place+8], asked[place+8:]
	if binary.BigEndian.Uint64(id) == 0 {
		id = fakezk.Long(fakezk.SessionID)
	}
	timeout := 10 * time.Second
	conn.Write(fakezk.Packet(fakezk.Number(0), fakezk.Number(int32(timeout.Milliseconds())), id, rest))
	for {
		r, err := fakezk.ReadRequest(conn)
		if err != nil {
			return
		}
		conn.Write(fakezk.Answer(r, ""))
	}
}
