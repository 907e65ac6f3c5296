// Package port hands out loopback ports to servers that start later, and keeps
// the test binaries that run at the same time from taking each other's.
package port

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// The range lies below the one from which systems give out the ports of
// outgoing connections: none of those takes a port while its server is away. It
// lies above the ports that the ZooKeeper client's own tests take unasked.
const (
	lowest  = 17000
	highest = 29999
)

// Port is a TCP port on 127.0.0.1, reserved until it is released or the process
// ends.
type Port struct {
	Number int
	// The UDP port of the same number is the reservation: whoever else uses this
	// package can't have it, and the system drops it with the process.
	reservation net.PacketConn
}

// Reserve takes a TCP port that nothing listens on.
func Reserve() (*Port, error) {
	var err error
	for range 200 {
		var p *Port
		if p, err = Take(lowest + rand.IntN(highest-lowest+1)); err == nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no free port from %d to %d: %w", lowest, highest, err)
}

// Prefer takes the port of that number, or another one if it isn't free.
func Prefer(number int) (*Port, error) {
	if p, err := Take(number); err == nil {
		return p, nil
	}
	return Reserve()
}

// Take takes the TCP port of that number, or fails if it isn't free.
func Take(number int) (*Port, error) {
	p := &Port{Number: number}
	reservation, err := net.ListenPacket("udp", p.Addr())
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", p.Addr())
	if err != nil {
		reservation.Close()
		return nil, err
	}
	listener.Close()
	p.reservation = reservation
	return p, nil
}

// Addr is 127.0.0.1 with the port.
func (p *Port) Addr() string { return fmt.Sprintf("127.0.0.1:%d", p.Number) }

// Release lets others have the port. It may be called again.
func (p *Port) Release() { p.reservation.Close() }
