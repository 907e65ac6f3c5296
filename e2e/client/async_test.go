package client

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestAsyncFollowsCompiled(t *testing.T) { testAsyncFollows(t, compiled) }

func TestAsyncFollowsInterpreted(t *testing.T) { testAsyncFollows(t, interpreted) }

func testAsyncFollows(t *testing.T, mode string) {
	inMode(t, mode, "AsyncFollows", func(t *testing.T, follows func(addr, direct string, rounds int, broken func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		broken := func() { way.Become(relay.To(server.Addr())) }
		if problem := follows(way.Addr(), server.Addr(), 60, broken); problem != "" {
			t.Error(problem)
		}
	})
}

func TestAsyncEndsCompiled(t *testing.T) { testAsyncEnds(t, compiled) }

func TestAsyncEndsInterpreted(t *testing.T) { testAsyncEnds(t, interpreted) }

func testAsyncEnds(t *testing.T, mode string) {
	type dialing = func(string, string, time.Duration) (net.Conn, error)
	inMode(t, mode, "AsyncEnds", func(t *testing.T, ends func(addr string, dial dialing, stop, stuck, wake, silence, cut func()) string) {
		server := zkserver.Start(t)
		way := relay.Start(t, relay.To(server.Addr()))
		var writing sync.Mutex
		writes := make(chan bool, 1000)
		dial := func(network, address string, timeout time.Duration) (net.Conn, error) {
			conn, err := net.DialTimeout(network, address, timeout)
			return &stoppable{Conn: conn, writing: &writing, writes: writes}, err
		}
		stop := func() {
			writing.Lock()
			for len(writes) > 0 {
				<-writes
			}
		}
		stuck := func() { <-writes }
		cut := func() {
			way.Become(relay.To(server.Addr()))
			server.Resume()
		}
		if problem := ends(way.Addr(), dial, stop, stuck, writing.Unlock, server.Pause, cut); problem != "" {
			t.Error(problem)
		}
	})
}

// stoppable is a connection whose writes wait while the lock is held.
type stoppable struct {
	net.Conn
	writing *sync.Mutex
	writes  chan<- bool
}

func (c *stoppable) Write(p []byte) (int, error) {
	c.writes <- true
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.Conn.Write(p)
}
