package ensemble

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// Go code may use the plugin's packages with upstream's ZooKeeper client, which lacks the
// patches of the vendored one. That client believes what servers say of lengths and times: a
// short packet or a session timeout of zero ends the process, and a long connect response
// takes memory. The connection can refuse those before the client sees them. It knows of the
// protocol that packets begin with their length, and that the first one is the connect
// response. The patched client has the same bounds, and gets the connection as it is.

const (
	responseHeaderSize = 16
	// connectResponseHead is all of a connect response but the password: the protocol's
	// version, the timeout, the session, and the password's length.
	connectResponseHead = 4 + 4 + 8 + 4
	// connectResponseLimit is more than three times what servers send.
	connectResponseLimit = 128
	// leastHandshakeTimeout is how long the connect response is waited for in any case.
	leastHandshakeTimeout = time.Second
)

// boundedConn is a connection that fails where a server sends what upstream's client can't
// take. Only one goroutine at a time may read, which is what the client does.
type boundedConn struct {
	net.Conn
	timeout  time.Duration // for the connect response
	answered bool          // the connect response has come
	ready    []byte        // read here, and not by the client yet
	rest     int           // how many bytes of the packet come behind these
}

// Bounded has a connection to a server fail where that sends what upstream's client can't
// take: a packet shorter than its header, a connect response that is malformed, too long, or
// late, and a session timeout of zero or less. The argument is the session timeout that the
// client asks for.
func Bounded(conn net.Conn, sessionTimeout time.Duration) net.Conn {
	timeout := sessionTimeout * 2 / 3 // as the patched client has it
	if timeout < leastHandshakeTimeout {
		timeout = leastHandshakeTimeout
	}
	return asConn(&boundedConn{Conn: conn, timeout: timeout})
}

// Yaegi: converted in a function of its own, an interface never aliases a variable.
func asConn(c *boundedConn) net.Conn { return c }

// Read reads what is left of a packet, or the beginning of the next one.
func (c *boundedConn) Read(p []byte) (int, error) {
	if len(c.ready) == 0 && c.rest == 0 {
		err := c.beginPacket()
		if err != nil {
			return 0, err
		}
	}
	if len(c.ready) > 0 {
		n := copy(p, c.ready)
		c.ready = c.ready[n:]
		return n, nil
	}
	if len(p) > c.rest {
		p = p[:c.rest]
	}
	n, err := c.Conn.Read(p)
	c.rest -= n
	return n, err
}

// beginPacket reads a packet's length, and the whole packet where it is the connect response.
func (c *boundedConn) beginPacket() error {
	if !c.answered {
		return c.readConnectResponse()
	}
	length := make([]byte, 4)
	_, err := io.ReadFull(c.Conn, length)
	if err != nil {
		return err
	}
	n := int(int32(binary.BigEndian.Uint32(length)))
	if n < responseHeaderSize {
		return fmt.Errorf("packet of %d bytes", n)
	}
	c.ready = length
	c.rest = n
	return nil
}

func (c *boundedConn) readConnectResponse() error {
	// The client has set a deadline for the length alone, which is ten times as long.
	err := c.Conn.SetReadDeadline(time.Now().Add(c.timeout))
	if err != nil {
		return err
	}
	packet := make([]byte, 4+connectResponseLimit)
	_, err = io.ReadFull(c.Conn, packet[:4])
	if err != nil {
		return err
	}
	n := int(int32(binary.BigEndian.Uint32(packet)))
	if n < connectResponseHead || n > connectResponseLimit {
		return fmt.Errorf("connect response of %d bytes", n)
	}
	_, err = io.ReadFull(c.Conn, packet[4:4+n])
	if err != nil {
		return err
	}
	err = checkConnectResponse(packet[4 : 4+n])
	if err != nil {
		return err
	}
	c.answered = true
	c.ready = packet[:4+n]
	return c.Conn.SetReadDeadline(time.Time{})
}

// checkConnectResponse refuses what the client would take and couldn't bear. A session of
// zero is an expired one, which has no timeout.
func checkConnectResponse(body []byte) error {
	timeout := int32(binary.BigEndian.Uint32(body[4:]))
	session := binary.BigEndian.Uint64(body[8:])
	password := int(int32(binary.BigEndian.Uint32(body[16:])))
	if password > len(body)-connectResponseHead {
		return fmt.Errorf("connect response with a password of %d bytes in %d", password, len(body)-connectResponseHead)
	}
	if session != 0 && timeout <= 0 {
		return fmt.Errorf("session timeout of %d ms", timeout)
	}
	return nil
}
