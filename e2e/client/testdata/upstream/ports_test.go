package zk

import (
	"fmt"
	"net"
	"testing"
)

// A cluster of three takes nine ports in a row. The range is the one that upstream's tests
// take theirs from.
const (
	portsInARow = 9
	lowestPort  = 10000
	highestPort = 16999
)

// freePorts returns the first of some ports in a row that nobody listens on. They are the
// test's until it ends: the UDP ports of the same numbers stand for them.
func freePorts(t *testing.T) int {
	for first := lowestPort; first+portsInARow <= highestPort; first += portsInARow {
		if reserve(t, first) {
			return first
		}
	}
	t.Fatalf("no %d free ports in a row from %d to %d", portsInARow, lowestPort, highestPort)
	return 0
}

func reserve(t *testing.T, first int) bool {
	var reservations []net.PacketConn
	for number := first; number < first+portsInARow; number++ {
		addr := fmt.Sprintf("127.0.0.1:%d", number)
		reservation, err := net.ListenPacket("udp", addr)
		if err == nil {
			reservations = append(reservations, reservation)
			var listener net.Listener
			if listener, err = net.Listen("tcp", addr); err == nil {
				listener.Close()
			}
		}
		if err != nil {
			for _, reservation := range reservations {
				reservation.Close()
			}
			return false
		}
	}
	t.Cleanup(func() {
		for _, reservation := range reservations {
			reservation.Close()
		}
	})
	return true
}
