package client

import (
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestWriteFailsCompiled(t *testing.T) { testWriteFails(t, compiled) }

func TestWriteFailsInterpreted(t *testing.T) { testWriteFails(t, interpreted) }

func testWriteFails(t *testing.T, mode string) {
	server := zkserver.Start(t)
	inMode(t, mode, "WriteFails", func(t *testing.T, use func(string, func(string, string, time.Duration) (net.Conn, error), func()) string) {
		var spoiled atomic.Bool
		dial := func(network, address string, timeout time.Duration) (net.Conn, error) {
			conn, err := net.DialTimeout(network, address, timeout)
			return &spoilable{Conn: conn, spoiled: &spoiled}, err
		}
		if fault := use(server.Addr(), dial, func() { spoiled.Store(true) }); fault != "" {
			t.Error(fault)
		}
	})
}

// spoilable is a connection whose next write fails, once it is spoiled.
type spoilable struct {
	net.Conn
	spoiled *atomic.Bool
}

func (c *spoilable) Write(p []byte) (int, error) {
	if c.spoiled.Swap(false) {
		return 0, errors.New("the network is gone")
	}
	return c.Conn.Write(p)
}
