package client

import (
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestRecursiveWatchesCompiled(t *testing.T) { testRecursive(t, compiled) }

func TestRecursiveWatchesInterpreted(t *testing.T) { testRecursive(t, interpreted) }

func testRecursive(t *testing.T, mode string) {
	inMode(t, mode, "Recursive", func(t *testing.T, recursive func(addr, direct string, broken func()) string) {
		server := zkserver.Start(t)
		way := newRelay(t, forwardTo(server.Addr()))
		broken := func() { way.become(forwardTo(server.Addr())) }
		if problem := recursive(way.addr(), server.Addr(), broken); problem != "" {
			t.Error(problem)
		}
	})
}

func TestMultiGetCompiled(t *testing.T) { testMultiGet(t, compiled) }

func TestMultiGetInterpreted(t *testing.T) { testMultiGet(t, interpreted) }

func testMultiGet(t *testing.T, mode string) {
	inMode(t, mode, "MultiGets", func(t *testing.T, multiGets func(addr string, goroutines int) string) {
		if problem := multiGets(zkserver.Start(t).Addr(), 8); problem != "" {
			t.Error(problem)
		}
	})
}

// Servers may say anything in answer to a request for many nodes. No answer is
// more than an error.
func TestMultiGetOfNonsenseCompiled(t *testing.T) { testNonsense(t, compiled) }

func TestMultiGetOfNonsenseInterpreted(t *testing.T) { testNonsense(t, interpreted) }

func testNonsense(t *testing.T, mode string) {
	header := func(kind int32, done byte) []byte { return join(number(kind), []byte{done}, number(-1)) }
	const anError, aValue = -1, 4
	for name, body := range map[string][]byte{
		"nothing":           {},
		"half a header":     {0, 0, 0},
		"no end":            join(header(aValue, 0), text("value"), stat()),
		"another number":    header(anError, 1),
		"a negative length": join(header(aValue, 0), number(-5), stat()),
		"a length of 2 GB":  join(header(aValue, 0), number(1<<31-1)),
		"half a stat":       join(header(aValue, 0), text("value"), long(1)),
		"one for two":       join(header(anError, 0), number(-4711), header(anError, 1)),
		"no sense":          []byte("\xff\xff\xff\xff\x00\xff\xff\xff\xff\x00\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			inMode(t, mode, "MultiGetOnce", func(t *testing.T, once func(addr string) string) {
				server := newRelay(t, answersMulti(body))
				if problem := once(server.addr()); problem != "" {
					t.Error(problem)
				}
			})
		})
	}
}

const opMultiRead = 22

// answersMulti is a server that says the same whenever many nodes are asked for.
func answersMulti(body []byte) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := readPacket(conn); err != nil {
			return
		}
		conn.Write(connectReply(10 * time.Second))
		for {
			r, err := readRequest(conn)
			switch {
			case err != nil:
				return
			case r.op == opMultiRead:
				conn.Write(reply(r.xid, noError, body))
			default:
				conn.Write(reply(r.xid, noError))
			}
		}
	}
}
