package ensemble

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// Go code may use the plugin's packages with upstream's ZooKeeper client, which lacks the
// patches of the vendored one. That client believes what servers say of lengths and times, and
// waits for answers for ever. A short packet, a long list, or a session timeout of zero ends
// the process. The connection can refuse those before the client sees them. It knows no more of
// the protocol than that takes: where packets begin, the connect response, and of requests and
// answers their headers and the length that follows. The patched client has the same bounds,
// and gets the connection as it is.

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
	timeout time.Duration // for the connect response
	pending *requests     // nil before the connect response
	ready   []byte        // read here, and not by the client yet
	rest    int           // how many bytes of the packet come behind these
}

// Bounded has a connection to a server fail where that sends what upstream's client can't
// take: a packet shorter than its header, a connect response that is malformed, too long, or
// late, a session timeout of zero or less, and a length that the packet has no room for. It
// fails as well where a request has no answer within the session timeout. The argument is the session timeout that the
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

// beginPacket reads a packet's length with the response's header and the length that may
// follow, or the whole packet where it is the connect response.
func (c *boundedConn) beginPacket() error {
	if c.pending == nil {
		return c.readConnectResponse()
	}
	head := make([]byte, 4+responseHeaderSize+4)
	_, err := io.ReadFull(c.Conn, head[:4])
	if err != nil {
		return err
	}
	n := int(int32(binary.BigEndian.Uint32(head)))
	if n < responseHeaderSize {
		return fmt.Errorf("packet of %d bytes", n)
	}
	if 4+n < len(head) {
		head = head[:4+n]
	}
	_, err = io.ReadFull(c.Conn, head[4:])
	if err != nil {
		return err
	}
	err = c.pending.checkResponse(head[4:], n)
	if err != nil {
		return err
	}
	c.ready = head
	c.rest = 4 + n - len(head)
	return nil
}

// Write writes a request. The client writes each in one piece.
func (c *boundedConn) Write(p []byte) (int, error) {
	if c.pending != nil { // the first one is the connect request
		err := c.pending.note(p)
		if err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(p)
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
	timeout, err := agreedTimeout(packet[4 : 4+n])
	if err != nil {
		return err
	}
	c.pending = newRequests(timeout)
	c.ready = packet[:4+n]
	return c.Conn.SetReadDeadline(time.Time{})
}

// agreedTimeout is the session timeout in a connect response. It is an error where the client
// would take the response and couldn't bear it. The session zero is an expired one, which has
// no timeout.
func agreedTimeout(body []byte) (time.Duration, error) {
	timeout := int32(binary.BigEndian.Uint32(body[4:]))
	session := binary.BigEndian.Uint64(body[8:])
	password := int(int32(binary.BigEndian.Uint32(body[16:])))
	if password > len(body)-connectResponseHead {
		return 0, fmt.Errorf("connect response with a password of %d bytes in %d", password, len(body)-connectResponseHead)
	}
	if session != 0 && timeout <= 0 {
		return 0, fmt.Errorf("session timeout of %d ms", timeout)
	}
	return time.Duration(timeout) * time.Millisecond, nil
}
