package fakezk

import (
	"io"
	"net"
)

// ForwardTo is a way to a real server. A function sees each request that passes, but for the one
// that connects.
func ForwardTo(addr string, see func(request []byte)) func(net.Conn) {
	return func(conn net.Conn) {
		to, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer to.Close()
		go func() {
			io.Copy(conn, to)
			conn.Close()
		}()
		for first := true; ; first = false {
			body, err := ReadPacket(conn)
			if err != nil {
				return
			}
			if !first {
				see(body)
			}
			if _, err := to.Write(Packet(body)); err != nil {
				return
			}
		}
	}
}
