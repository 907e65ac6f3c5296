package client

import (
	"net"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestRecursiveWatchesCompiled(t *testing.T) { testRecursive(t, compiled) }

func TestRecursiveWatchesInterpreted(t *testing.T) { testRecursive(t, interpreted) }

func testRecursive(t *testing.T, mode string) {
	inMode(t, mode, "Recursive", func(t *testing.T, recursive func(addr, direct string, broken func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		broken := func() { way.Become(relay.To(server.Addr())) }
		if problem := recursive(way.Addr(), server.Addr(), broken); problem != "" {
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
	header := func(kind int32, done byte) []byte {
		return fakezk.Join(fakezk.Number(kind), []byte{done}, fakezk.Number(-1))
	}
	const anError, aValue = -1, 4
	for name, body := range map[string][]byte{
		"nothing":           {},
		"half a header":     {0, 0, 0},
		"no end":            fakezk.Join(header(aValue, 0), fakezk.Text("value"), fakezk.Stat()),
		"another number":    header(anError, 1),
		"a negative length": fakezk.Join(header(aValue, 0), fakezk.Number(-5), fakezk.Stat()),
		"a length of 2 GB":  fakezk.Join(header(aValue, 0), fakezk.Number(1<<31-1)),
		"half a stat":       fakezk.Join(header(aValue, 0), fakezk.Text("value"), fakezk.Long(1)),
		"one for two":       fakezk.Join(header(anError, 0), fakezk.Number(-4711), header(anError, 1)),
		"no sense":          []byte("\xff\xff\xff\xff\x00\xff\xff\xff\xff\x00\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			inMode(t, mode, "MultiGetOnce", func(t *testing.T, once func(addr string) string) {
				server := relay.Start(t, answersMulti(body))
				if problem := once(server.Addr()); problem != "" {
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
		if _, err := fakezk.ReadPacket(conn); err != nil {
			return
		}
		conn.Write(fakezk.ConnectReply(10 * time.Second))
		for {
			r, err := fakezk.ReadRequest(conn)
			switch {
			case err != nil:
				return
			case r.Op == opMultiRead:
				conn.Write(fakezk.Reply(r.Xid, fakezk.NoError, body))
			default:
				conn.Write(fakezk.Reply(r.Xid, fakezk.NoError))
			}
		}
	}
}
