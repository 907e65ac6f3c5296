package zookeeper

import (
	"context"
	"fmt"
	"math/rand"
	"net"
	"time"

	"github.com/go-zookeeper/zk"
)

const (
	resolveTimeout = 3 * time.Second
	dialTimeout    = 3 * time.Second
)

func (s *settings) dialer() zk.Dialer {
	return func(_, address string, _ time.Duration) (net.Conn, error) { return s.dial(address) }
}

// dial connects to a server. The addresses of its name are asked for each time,
// since they change, and taken in any order.
func (s *settings) dial(address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("%s has no address", host)
	for _, i := range rand.Perm(len(addresses)) {
		var conn net.Conn
		conn, err = net.DialTimeout("tcp", net.JoinHostPort(addresses[i], port), dialTimeout)
		if err != nil {
			continue
		}
		if s.tls == nil {
			return conn, nil
		}
		conn, err = s.tls.handshake(conn, host)
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}
