package ensemble

import (
	"context"
	"fmt"
	"math/rand"
	"net"
	"time"
)

// How long each step of Dial may take, beside handshakeTimeout.
const (
	resolveTimeout = 3 * time.Second
	dialTimeout    = 3 * time.Second
)

// Dial connects to a server, given as host:port, with TLS where the settings have it. Of
// several addresses of the host, it tries each once, in any order.
func (s *Settings) Dial(address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, err := resolve(host)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("%s has no address", host)
	for _, i := range rand.Perm(len(addresses)) {
		var conn net.Conn
		conn, err = net.DialTimeout("tcp", net.JoinHostPort(addresses[i], port), dialTimeout)
		if err == nil && s.tls != nil {
			conn, err = s.handshake(conn, host)
		}
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// resolve asks for the addresses of a host. They may change, so it is done for each attempt.
func resolve(host string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	return net.DefaultResolver.LookupHost(ctx, host)
}
