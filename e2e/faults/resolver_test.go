package faults

import (
	"context"
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"testing"
)

// resolver is a name server that knows what it is told, and can fail. All names of
// this process are looked up there.
type resolver struct {
	conn net.PacketConn

	mu       sync.Mutex
	names    map[string]string // to IPv4 addresses
	code     byte              // of its answers: 0, or an error
	isSilent bool
}

const (
	serverFailure = 2
	noSuchName    = 3
)

var names = &resolver{names: map[string]string{}}

// start makes it the process's resolver; before anybody looks a name up.
func (r *resolver) start() error {
	var err error
	if r.conn, err = net.ListenPacket("udp", "127.0.0.1:0"); err != nil {
		return err
	}
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", r.conn.LocalAddr().String())
	}}
	go r.serve()
	return nil
}

func (r *resolver) serve() {
	buffer := make([]byte, 1500)
	for {
		n, from, err := r.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		if answer := r.answer(buffer[:n]); answer != nil {
			r.conn.WriteTo(answer, from)
		}
	}
}

const headerLength = 12

// answer is what becomes of a question: the same message, with the answer behind.
func (r *resolver) answer(message []byte) []byte {
	if len(message) < headerLength {
		return nil
	}
	question := message[headerLength:]
	var labels []string
	place := 0
	for place < len(question) && question[place] != 0 {
		end := place + 1 + int(question[place])
		if end >= len(question) {
			return nil
		}
		labels = append(labels, string(question[place+1:end]))
		place = end
	}
	if place+5 > len(question) {
		return nil
	}
	const addressIPv4 = 1
	kind := binary.BigEndian.Uint16(question[place+1:])

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isSilent {
		return nil
	}
	address, known := r.names[strings.Join(labels, ".")]
	code := r.code
	if code == 0 && !known {
		code = noSuchName
	}
	answer := append([]byte{}, message[:headerLength+place+5]...)
	answer[2], answer[3] = 0x81, 0x80|code // an answer, with recursion
	copy(answer[4:], []byte{0, 1, 0, 0, 0, 0, 0, 0})
	if code == 0 && kind == addressIPv4 {
		answer[7] = 1
		// The name of the question, its type, its class, not to be kept, four bytes.
		answer = append(answer, 0xc0, headerLength, 0, addressIPv4, 0, 1, 0, 0, 0, 0, 0, 4)
		answer = append(answer, net.ParseIP(address).To4()...)
	}
	return answer
}

// set gives a name an address.
func (r *resolver) set(name, address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name] = address
}

// fail answers everything with an error from now on; 0 for none.
func (r *resolver) fail(code byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.code = code
}

// silence answers nothing any more, or answers again.
func (r *resolver) silence(silent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.isSilent = silent
}

func TestResolver(t *testing.T) {
	names.set("known.faults.test", "127.0.0.7")
	addrs, err := net.DefaultResolver.LookupHost(t.Context(), "known.faults.test")
	if err != nil || len(addrs) != 1 || addrs[0] != "127.0.0.7" {
		t.Errorf("%v, %v", addrs, err)
	}
	if addrs, err := net.DefaultResolver.LookupHost(t.Context(), "unknown.faults.test"); err == nil {
		t.Errorf("unknown: %v", addrs)
	}
}
