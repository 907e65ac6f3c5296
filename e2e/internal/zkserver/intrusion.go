package zkserver

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
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
	version, lastZxid, timeout, readOnly := fakezk.Number(0), fakezk.Long(0), fakezk.Number(2000), []byte{0}
	connect := fakezk.Packet(version, lastZxid, timeout, granted[sessionPlace:passwordPlace+4+passwordLength], readOnly)
	end := fakezk.Packet(fakezk.Number(1), fakezk.Number(-11))
	if _, err := conn.Write(append(connect, end...)); err != nil {
		return err
	}
	_, err = io.ReadAll(conn) // the server hangs up
	return err
}
