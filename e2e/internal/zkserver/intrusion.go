package zkserver

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// Where a server's answer to a client that connects has the session.
const (
	sessionPlace   = 4 + 4 + 4 // behind the length, the version, the timeout
	passwordPlace  = sessionPlace + 8
	passwordLength = 16
)

// EndSession closes a session of somebody else at a server: as a client that has
// its id and its password, from what a server answered when it was granted.
func EndSession(addr string, granted []byte) error {
	if len(granted) < passwordPlace+4+passwordLength {
		return fmt.Errorf("a session can't be granted by %d bytes: % x", len(granted), granted)
	}
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	connect := make([]byte, 16, 45) // version, last zxid, timeout
	binary.BigEndian.PutUint32(connect[12:], 2000)
	connect = append(connect, granted[sessionPlace:passwordPlace+4+passwordLength]...)
	connect = append(connect, 0) // not read-only
	request := binary.BigEndian.AppendUint32(nil, uint32(len(connect)))
	request = append(request, connect...)
	// A packet of 8 bytes: the request's number, and -11 for the end.
	request = append(request, 0, 0, 0, 8, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xf5)
	if _, err := conn.Write(request); err != nil {
		return err
	}
	_, err = io.ReadAll(conn) // the server hangs up
	return err
}
