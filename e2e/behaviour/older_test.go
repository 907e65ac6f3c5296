package behaviour

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// What ZooKeeper has had since 3.5 and 3.6, and the answer of older servers.
const (
	opRemoveWatches = 18
	opMultiRead     = 22
	opAddWatch      = 106
	unimplemented   = -6
)

// older makes a server one that lacks these operations. It returns the way to it.
func older(t *testing.T, server *zkserver.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", server.Addr())
			if err != nil {
				client.Close()
				continue
			}
			go (&between{client: client, server: to}).serve()
		}
	}()
	return listener.Addr().String()
}

// between stands between a client and a server.
type between struct {
	client, server net.Conn
	mu             sync.Mutex // for packets to the client
}

func (b *between) serve() {
	defer b.client.Close()
	defer b.server.Close()
	go b.answers()
	for first := true; ; first = false {
		packet, err := packetFrom(b.client)
		if err != nil {
			return
		}
		if !first && b.refuses(packet) {
			continue
		}
		if _, err := b.server.Write(packet); err != nil {
			return
		}
	}
}

func (b *between) answers() {
	defer b.client.Close()
	for {
		packet, err := packetFrom(b.server)
		if err != nil {
			return
		}
		b.send(packet)
	}
}

func (b *between) send(packet []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.client.Write(packet)
}

// refuses answers what an older server doesn't have.
func (b *between) refuses(request []byte) bool {
	switch binary.BigEndian.Uint32(request[8:]) {
	case opRemoveWatches, opMultiRead, opAddWatch:
	default:
		return false
	}
	reply := binary.BigEndian.AppendUint32(nil, 16)
	reply = append(reply, request[4:8]...)
	reply = binary.BigEndian.AppendUint64(reply, 0)
	code := int32(unimplemented)
	b.send(binary.BigEndian.AppendUint32(reply, uint32(code)))
	return true
}

// packetFrom reads a packet, with its length.
func packetFrom(conn net.Conn) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(conn, length); err != nil {
		return nil, err
	}
	packet := append(length, make([]byte, binary.BigEndian.Uint32(length))...)
	_, err := io.ReadFull(conn, packet[4:])
	return packet, err
}

// An older server gets a watch for each node; a newer one, one for all.
var generations = []behaviour{
	{"patterns at an older server", testPatternsAtAnOlderServer},
	{"patterns at a newer server", testPatternsAtANewerServer},
	{"an older server that was restored, and takes the session that there was", testOlderServerThatWasRestoredTakesTheSession},
	{"a newer server that was restored, and takes the session that there was", testNewerServerThatWasRestoredTakesTheSession},
}

func testPatternsAtAnOlderServer(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	patternsAt(t, s, server, older(t, server))
	if watches, err := server.Watches(); watches < 3 || err != nil {
		t.Errorf("%d watches, %v", watches, err)
	}
}

func testPatternsAtANewerServer(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	patternsAt(t, s, server, server.Addr())
	if watches, err := server.Watches(); watches != 1 || err != nil {
		t.Errorf("%d watches, %v", watches, err)
	}
}

func testOlderServerThatWasRestoredTakesTheSession(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	restoredAt(t, s, server, older(t, server))
}

func testNewerServerThatWasRestoredTakesTheSession(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	restoredAt(t, s, server, server.Addr())
}

func patternsAt(t *testing.T, s *suite, server *zkserver.Server, addr string) {
	admin := server.Client(t)
	admin.Put("/generation/ann/plan", []byte("first"))
	inst := s.must(t, "clusters:\n  "+uniqueCluster()+": {servers: '"+addr+"', sessionTimeout: 4s}\nrequestHeaders:\n"+
		"  - {name: X-Value, path: '/generation/{header.X-User}/plan', default: nothing}\n")
	inst.awaitBy(t, "ann", "first")
	admin.Put("/generation/bob/plan", []byte("his"))
	inst.awaitBy(t, "bob", "his")
	server.Kill()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	admin.Put("/generation/ann/plan", []byte("second"))
	admin.Put("/generation/eve/plan", []byte("hers"))
	inst.awaitBy(t, "ann", "second")
	inst.awaitBy(t, "eve", "hers")
	admin.Delete("/generation/bob")
	inst.awaitBy(t, "bob", "nothing")
	admin.Put("/generation/ann/plan", []byte("third"))
	inst.awaitBy(t, "ann", "third")
}

func restoredAt(t *testing.T, s *suite, server *zkserver.Server, addr string) {
	admin := server.Client(t)
	admin.Put("/tenants/ann", []byte("on"))
	admin.Put("/fixed", []byte("on"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + addr + "', sessionTimeout: 20s}\n"
	inst := s.must(t, config+"requestHeaders:\n  - {name: X-Value, path: '/tenants/{header.X-User}', default: nothing}\n  - {name: X-Fixed, path: /fixed}\n")
	inst.awaitBy(t, "ann", "on")
	restore, err := server.Copy(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		admin.Put("/tenants/ann", []byte(fmt.Sprint("off ", i)))
	}
	admin.Put("/tenants/bob", []byte("new"))
	admin.Put("/fixed", []byte("off"))
	inst.awaitBy(t, "ann", "off 4")
	inst.awaitBy(t, "bob", "new")
	inst.awaitHeader(t, "X-Fixed", "off")
	server.Stop()
	if err := restore(); err != nil {
		t.Fatal(err)
	}
	later := server.Client(t)
	for i := range 20 { // until the server has more transactions than clients have seen, and takes their sessions
		later.Put("/other", []byte(fmt.Sprint(i)))
	}
	inst.awaitBy(t, "ann", "on")
	inst.awaitBy(t, "bob", "nothing")
	inst.awaitHeader(t, "X-Fixed", "on")
}
