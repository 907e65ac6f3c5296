package driver

import (
	"fmt"
	"net"
	"time"

	"github.com/go-zookeeper/zk"
)

// WriteFails makes a request that can't be written. It returns what is wrong with
// the request's end, or an empty text.
func WriteFails(addr string, dial func(string, string, time.Duration) (net.Conn, error), spoil func()) string {
	conn, _, err := zk.Connect([]string{addr}, patience, zk.WithDialer(dial), zk.WithLogger(asLogger(&silent{})))
	if err != nil {
		return err.Error()
	}
	defer func() { conn.Close() }()
	_, _, err = conn.Exists("/")
	if err != nil {
		return err.Error()
	}
	spoil()
	_, _, err = conn.Exists("/")
	if err != zk.ErrConnectionClosed {
		return fmt.Sprint("a request that can't be written fails with: ", err)
	}
	return ""
}
