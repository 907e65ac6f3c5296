package client

import (
	"encoding/binary"
	"net"
	"sync"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const (
	opSetWatches  = 101
	opSetWatches2 = 105
	opAddWatch    = 106
)

func TestRecursiveRearmedCompiled(t *testing.T) { testRearmed(t, compiled) }

func TestRecursiveRearmedInterpreted(t *testing.T) { testRearmed(t, interpreted) }

// Each reconnect, after the connection broke or the server, takes one request to
// set all watches.
func testRearmed(t *testing.T, mode string) {
	inMode(t, mode, "Rearmed", func(t *testing.T, rearmed func(addr, direct string, rounds int, broken func()) string) {
		const rounds = 6
		server := zkserver.Start(t)
		seen := &requests{}
		way := relay.Start(t, seen.forwardTo(server.Addr()))
		problem := rearmed(way.Addr(), server.Addr(), rounds, breaks(t, way, server, seen.forwardTo(server.Addr())))
		if problem != "" {
			t.Error(problem)
		}
		if added := seen.count(opAddWatch); added != 1 {
			t.Errorf("%d requests to add the watch", added)
		}
		if again, older := seen.count(opSetWatches2), seen.count(opSetWatches); again != rounds || older != 0 {
			t.Errorf("%d requests to set watches again, and %d for one-shot ones alone, in %d connections", again, older, rounds)
		}
	})
}

func TestRecursiveExpiryCompiled(t *testing.T) { testRecursiveExpiry(t, compiled) }

func TestRecursiveExpiryInterpreted(t *testing.T) { testRecursiveExpiry(t, interpreted) }

func testRecursiveExpiry(t *testing.T, mode string) {
	inMode(t, mode, "RecursiveExpiry", func(t *testing.T, expiry func(addr, direct string, cut, restore func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		cut := func() { way.Become(relay.Refuse) }
		restore := func() { way.Become(relay.To(server.Addr())) }
		if problem := expiry(way.Addr(), server.Addr(), cut, restore); problem != "" {
			t.Error(problem)
		}
		if watches, err := server.Watches(); watches != 0 || err != nil {
			t.Errorf("%d watches, %v", watches, err)
		}
	})
}

func TestRecursiveAndOneShotCompiled(t *testing.T) { testSamePath(t, compiled) }

func TestRecursiveAndOneShotInterpreted(t *testing.T) { testSamePath(t, interpreted) }

func testSamePath(t *testing.T, mode string) {
	inMode(t, mode, "SamePath", func(t *testing.T, samePath func(addr, direct string, broken func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		broken := func() { way.Become(relay.To(server.Addr())) }
		if problem := samePath(way.Addr(), server.Addr(), broken); problem != "" {
			t.Error(problem)
		}
	})
}

// requests counts what passes on the way to a server, of each operation.
type requests struct {
	mu  sync.Mutex
	ops map[int32]int
}

func (r *requests) count(op int32) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ops[op]
}

func (r *requests) note(request []byte) {
	op := int32(binary.BigEndian.Uint32(request[4:]))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ops == nil {
		r.ops = map[int32]int{}
	}
	r.ops[op]++
}

func (r *requests) forwardTo(addr string) func(net.Conn) { return fakezk.ForwardTo(addr, r.note) }
